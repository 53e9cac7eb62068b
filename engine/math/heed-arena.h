/* An arena: memory for one run, taken from the system once and handed out by moving a pointer.
 *
 * Everything is given back at once by heed_arena_reset(), which also makes the next run of the same size fit in one
 * block: a warm run asks the system for nothing. */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _HeedArena HeedArena;

/* A point to rewind to: whatever was handed out after it is free again. */
typedef struct
{
  guint block;
  gsize used;
} HeedArenaMark;

HeedArena *heed_arena_new (void);
void heed_arena_free (HeedArena *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HeedArena, heed_arena_free)

/* Returns: (transfer none): @n_bytes, aligned to 64, not cleared */
gpointer heed_arena_alloc (HeedArena *self, gsize n_bytes);
#define heed_arena_new_array(self, type, n) ((type *) heed_arena_alloc ((self), sizeof (type) * (n)))

HeedArenaMark heed_arena_mark (HeedArena *self);
void heed_arena_rewind (HeedArena *self, HeedArenaMark mark);

/* Frees everything handed out; keeps up to 16 MiB from the system for the next run. */
void heed_arena_reset (HeedArena *self);

/* How often the arena has asked the system for memory since it was made. */
guint heed_arena_get_n_requests (HeedArena *self);

G_END_DECLS
