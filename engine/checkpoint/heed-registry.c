/* Folders in two places, two levels deep and no deeper, so that a loop of links ends. */

#include "heed-registry.h"

#include <string.h>

#include "checkpoint/heed-config.h"

static int
compare_strings (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Names of the folders in @folder but hidden ones, sorted; (element-type utf8) */
static GPtrArray *
list_folders (const char *folder)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (name[0] != '.' && g_file_test (path, G_FILE_TEST_IS_DIR))
        g_ptr_array_add (names, g_strdup (name));
    }
  g_ptr_array_sort (names, compare_strings);
  return names;
}

static HeedCheckpointInfo *
read_info (const char *parent, const char *name, const char *series, gboolean bundled)
{
  HeedCheckpointInfo *info = g_new0 (HeedCheckpointInfo, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) config = NULL;

  info->name = series != NULL ? g_strconcat (series, "/", name, NULL) : g_strdup (name);
  info->folder = g_build_filename (parent, name, NULL);
  info->step = -1;
  info->bundled = bundled;
  config = heed_config_load (info->folder, &info->task, &info->step, &error);
  if (config == NULL)
    {
      info->error = g_strdup (error->message);
      return info;
    }
  info->series = g_strdup (series);
  info->rank = heed_config_get_rank (json_node_get_object (config));
  info->model_type = g_strdup (json_object_get_string_member (json_node_get_object (config), "model_type"));
  return info;
}

/* Attention before its baseline, a broken one last. */
static int
compare_singles (gconstpointer a, gconstpointer b)
{
  const HeedCheckpointInfo *x = *(const HeedCheckpointInfo *const *) a;
  const HeedCheckpointInfo *y = *(const HeedCheckpointInfo *const *) b;

  if ((x->error != NULL) != (y->error != NULL))
    return x->error != NULL ? 1 : -1;
  return x->rank != y->rank ? x->rank - y->rank : strcmp (x->name, y->name);
}

/* In the order of steps, one without a step first, a broken one last. */
static int
compare_members (gconstpointer a, gconstpointer b)
{
  const HeedCheckpointInfo *x = *(const HeedCheckpointInfo *const *) a;
  const HeedCheckpointInfo *y = *(const HeedCheckpointInfo *const *) b;

  if ((x->error != NULL) != (y->error != NULL))
    return x->error != NULL ? 1 : -1;
  if (x->step != y->step)
    return x->step < y->step ? -1 : 1;
  return strcmp (x->name, y->name);
}

static void
append_members (GPtrArray *infos, const char *root, const char *series, gboolean bundled)
{
  g_autofree char *folder = g_build_filename (root, series, NULL);
  g_autoptr (GPtrArray) names = list_folders (folder);
  g_autoptr (GPtrArray) members = g_ptr_array_new ();

  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (members, read_info (folder, names->pdata[i], series, bundled));
  g_ptr_array_sort (members, compare_members);
  g_ptr_array_extend (infos, members, NULL, NULL);
}

static void
append_root (GPtrArray *infos, const char *root, gboolean bundled)
{
  g_autoptr (GPtrArray) names = list_folders (root);
  g_autoptr (GPtrArray) singles = g_ptr_array_new ();
  g_autoptr (GPtrArray) series = g_ptr_array_new ();

  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *folder = g_build_filename (root, names->pdata[i], NULL);

      if (heed_config_is_series (folder))
        g_ptr_array_add (series, names->pdata[i]);
      else
        g_ptr_array_add (singles, read_info (root, names->pdata[i], NULL, bundled));
    }
  g_ptr_array_sort (singles, compare_singles);
  g_ptr_array_extend (infos, singles, NULL, NULL);
  for (guint i = 0; i < series->len; i++)
    append_members (infos, root, series->pdata[i], bundled);
}

void
heed_checkpoint_info_free (HeedCheckpointInfo *self)
{
  g_free (self->name);
  g_free (self->folder);
  g_free (self->series);
  g_free (self->model_type);
  g_free (self->error);
  g_free (self);
}

const char *
heed_registry_get_data_dir (void)
{
  const char *data_dir = g_getenv ("HEED_DATA_DIR");

  return data_dir != NULL && data_dir[0] != '\0' ? data_dir : HEED_INSTALLED_DATA_DIR;
}

GPtrArray *
heed_registry_list (void)
{
  GPtrArray *infos = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_checkpoint_info_free);
  g_autofree char *bundled = g_build_filename (heed_registry_get_data_dir (), "checkpoints", NULL);
  g_autofree char *own = g_build_filename (g_get_user_data_dir (), "heed", "checkpoints", NULL);

  append_root (infos, bundled, TRUE);
  append_root (infos, own, FALSE);
  return infos;
}

/* The folder of the series @name, or of a folder of that path; NULL if it is no series. */
static char *
find_series (const char *name)
{
  g_autoptr (GPtrArray) infos = heed_registry_list ();
  g_autofree char *path = g_canonicalize_filename (name, NULL);

  for (guint i = 0; i < infos->len; i++)
    {
      const HeedCheckpointInfo *info = infos->pdata[i];

      if (g_strcmp0 (info->series, name) == 0)
        return g_path_get_dirname (info->folder);
    }
  return name[0] != '\0' && heed_config_is_series (path) ? g_steal_pointer (&path) : NULL;
}

static GPtrArray *
list_members (const char *folder)
{
  GPtrArray *members = g_ptr_array_new_with_free_func ((GDestroyNotify) heed_checkpoint_info_free);
  g_autofree char *root = g_path_get_dirname (folder);
  g_autofree char *series = g_path_get_basename (folder);

  append_members (members, root, series, FALSE);
  return members;
}

GPtrArray *
heed_registry_list_series (const char *name, GError **error)
{
  g_autofree char *folder = find_series (name);

  if (folder != NULL)
    return list_members (folder);
  g_set_error (error,
               HEED_ERROR,
               HEED_ERROR_CHECKPOINT,
               "“%s” is no series: name a folder that holds the checkpoint folders of one training run",
               name);
  return NULL;
}

static const char *
find_by_name (GPtrArray *infos, const char *name)
{
  const char *folder = NULL;

  for (guint i = 0; i < infos->len; i++)
    {
      const HeedCheckpointInfo *info = infos->pdata[i];

      if (strcmp (info->name, name) == 0)
        return info->folder;
      if (g_strcmp0 (info->series, name) == 0)
        folder = info->folder;
      else if (folder != NULL)
        return folder;
    }
  return folder;
}

/* Returns: (transfer full) (nullable): the last member of the series at @folder */
static char *
find_last_member (const char *folder)
{
  g_autoptr (GPtrArray) members = list_members (folder);
  g_autofree char *series = g_path_get_basename (folder);

  return g_strdup (find_by_name (members, series));
}

char *
heed_registry_resolve (const char *name, GError **error)
{
  g_autoptr (GPtrArray) infos = heed_registry_list ();
  g_autoptr (GString) names = NULL;
  const char *folder = find_by_name (infos, name);

  if (folder != NULL)
    return g_strdup (folder);
  if (name[0] != '\0' && g_file_test (name, G_FILE_TEST_IS_DIR))
    {
      g_autofree char *path = g_canonicalize_filename (name, NULL);
      char *member = heed_config_is_series (path) ? find_last_member (path) : NULL;

      return member != NULL ? member : g_steal_pointer (&path);
    }
  names = g_string_new (NULL);
  for (guint i = 0; i < infos->len; i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", ((const HeedCheckpointInfo *) infos->pdata[i])->name);
  g_set_error (error,
               HEED_ERROR,
               HEED_ERROR_CHECKPOINT,
               "there is no checkpoint or folder “%s”; %s%s",
               name,
               infos->len > 0 ? "checkpoints are " : "no checkpoint is installed",
               names->str);
  return NULL;
}

const char *
heed_registry_get_default (HeedTask task)
{
  g_autoptr (GPtrArray) infos = heed_registry_list ();

  for (guint i = 0; i < infos->len; i++)
    {
      const HeedCheckpointInfo *info = infos->pdata[i];

      if (info->bundled && info->error == NULL && info->task == task)
        return g_intern_string (info->name);
    }
  return NULL;
}
