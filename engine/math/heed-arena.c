/* An arena: a row of blocks, each twice the one before, filled from the front. */
#include "math/heed-arena.h"

#define ALIGNMENT 64
#define FIRST_BLOCK (256 * 1024)
#define KEEP (16 * 1024 * 1024)
#define MAX_BLOCKS 48

typedef struct
{
  guint8 *data; /* aligned */
  gpointer memory;
  gsize size;
} Block;

struct _HeedArena
{
  Block blocks[MAX_BLOCKS];
  guint n_blocks;
  guint current;
  gsize used; /* of the current block */
  guint n_requests;
};

static void
add_block (HeedArena *self, gsize size)
{
  Block *block = &self->blocks[self->n_blocks];

  g_assert (self->n_blocks < MAX_BLOCKS && size <= G_MAXSIZE - ALIGNMENT);
  block->memory = g_malloc (size + ALIGNMENT);
  block->data = (guint8 *) (((guintptr) block->memory + ALIGNMENT - 1) & ~(guintptr) (ALIGNMENT - 1));
  block->size = size;
  self->n_blocks++;
  self->n_requests++;
}

static void
free_blocks (HeedArena *self)
{
  for (guint i = 0; i < self->n_blocks; i++)
    g_free (self->blocks[i].memory);
  self->n_blocks = 0;
}

HeedArena *
heed_arena_new (void)
{
  HeedArena *self = g_new0 (HeedArena, 1);

  add_block (self, FIRST_BLOCK);
  return self;
}

void
heed_arena_free (HeedArena *self)
{
  free_blocks (self);
  g_free (self);
}

gpointer
heed_arena_alloc (HeedArena *self, gsize n_bytes)
{
  gsize size = (n_bytes + ALIGNMENT - 1) & ~(gsize) (ALIGNMENT - 1);
  gpointer result;

  while (self->blocks[self->current].size - self->used < size)
    {
      if (self->current + 1 == self->n_blocks)
        add_block (self, MAX (2 * self->blocks[self->current].size, size));
      self->current++;
      self->used = 0;
    }
  result = self->blocks[self->current].data + self->used;
  self->used += size;
  return result;
}

HeedArenaMark
heed_arena_mark (HeedArena *self)
{
  return (HeedArenaMark){ .block = self->current, .used = self->used };
}

void
heed_arena_rewind (HeedArena *self, HeedArenaMark mark)
{
  self->current = mark.block;
  self->used = mark.used;
}

void
heed_arena_reset (HeedArena *self)
{
  gsize total = 0;

  for (guint i = 0; i < self->n_blocks; i++)
    total += self->blocks[i].size;
  if (self->n_blocks > 1 || total > KEEP)
    {
      free_blocks (self);
      add_block (self, MIN (total, KEEP));
    }
  self->current = 0;
  self->used = 0;
}

guint
heed_arena_get_n_requests (HeedArena *self)
{
  return self->n_requests;
}
