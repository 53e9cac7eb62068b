/* A row of children that wraps. Children have their natural width, or the whole line's if that is smaller; the children
 * of a line are centred on its height. */
#include "heed-wrap-box.h"

struct _HeedWrapBox
{
  GtkWidget parent_instance;

  int spacing;
  guint n_start;
  float line_align;
};

enum
{
  PROP_0,
  PROP_SPACING,
  PROP_N_START,
  PROP_LINE_ALIGN,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void buildable_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (HeedWrapBox,
                               heed_wrap_box,
                               GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_init))

static int
get_child_width (GtkWidget *child, int width)
{
  int minimum, natural;

  gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
  return MAX (minimum, MIN (natural, width));
}

static GtkWidget *
next_visible (GtkWidget *child)
{
  while (child != NULL && !gtk_widget_should_layout (child))
    child = gtk_widget_get_next_sibling (child);
  return child;
}

/* The line that begins with @first: its height and widths' sum; returns the first child of the next line. */
static GtkWidget *
measure_line (HeedWrapBox *self, GtkWidget *first, int width, int *line_width, int *line_height)
{
  GtkWidget *child;

  *line_width = *line_height = 0;
  for (child = first; child != NULL; child = next_visible (gtk_widget_get_next_sibling (child)))
    {
      int child_width = get_child_width (child, width);
      int child_height;

      if (child != first && *line_width + self->spacing + child_width > width)
        break;
      gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, child_width, NULL, &child_height, NULL, NULL);
      *line_width += child_width + (child == first ? 0 : self->spacing);
      *line_height = MAX (*line_height, child_height);
    }
  return child;
}

static GtkSizeRequestMode
get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
measure (GtkWidget *widget,
         GtkOrientation orientation,
         int for_size,
         int *minimum,
         int *natural,
         int *minimum_baseline,
         int *natural_baseline)
{
  HeedWrapBox *self = HEED_WRAP_BOX (widget);
  GtkWidget *child = next_visible (gtk_widget_get_first_child (widget));
  int line_width, line_height;

  *minimum = *natural = 0;
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      for (; child != NULL; child = next_visible (gtk_widget_get_next_sibling (child)))
        {
          int child_minimum, child_natural;

          gtk_widget_measure (child, GTK_ORIENTATION_HORIZONTAL, -1, &child_minimum, &child_natural, NULL, NULL);
          *minimum = MAX (*minimum, child_minimum);
          *natural += child_natural + (*natural > 0 ? self->spacing : 0);
        }
      return;
    }

  while (child != NULL)
    {
      child = measure_line (self, child, for_size < 0 ? G_MAXINT / 2 : for_size, &line_width, &line_height);
      *natural += line_height + (*natural > 0 ? self->spacing : 0);
    }
  *minimum = *natural;
}

static void
size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  HeedWrapBox *self = HEED_WRAP_BOX (widget);
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkWidget *child = next_visible (gtk_widget_get_first_child (widget));
  GtkWidget *next;
  guint index = 0;
  int y = 0;

  while (child != NULL)
    {
      int line_width, line_height;
      int x = 0;

      next = measure_line (self, child, width, &line_width, &line_height);
      if (self->n_start == 0)
        x = (int) ((float) MAX (0, width - line_width) * self->line_align);
      for (gboolean at_start = index < self->n_start; child != next;
           child = next_visible (gtk_widget_get_next_sibling (child)), index++)
        {
          int child_width = get_child_width (child, width);
          int child_height;
          GtkAllocation allocation;

          if (at_start && index == self->n_start)
            x += MAX (0, width - line_width);
          gtk_widget_measure (child, GTK_ORIENTATION_VERTICAL, child_width, NULL, &child_height, NULL, NULL);
          allocation = (GtkAllocation){
            rtl ? width - x - child_width : x, y + (line_height - child_height) / 2, child_width, child_height
          };
          gtk_widget_size_allocate (child, &allocation, -1);
          x += child_width + self->spacing;
        }
      y += line_height + self->spacing;
    }
}

static void
add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  heed_wrap_box_append (HEED_WRAP_BOX (buildable), GTK_WIDGET (child));
}

static void
buildable_init (GtkBuildableIface *iface)
{
  iface->add_child = add_child;
}

static void
set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  HeedWrapBox *self = HEED_WRAP_BOX (object);

  switch (id)
    {
    case PROP_SPACING:
      self->spacing = g_value_get_int (value);
      break;
    case PROP_N_START:
      self->n_start = g_value_get_uint (value);
      break;
    case PROP_LINE_ALIGN:
      self->line_align = g_value_get_float (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  HeedWrapBox *self = HEED_WRAP_BOX (object);

  switch (id)
    {
    case PROP_SPACING:
      g_value_set_int (value, self->spacing);
      break;
    case PROP_N_START:
      g_value_set_uint (value, self->n_start);
      break;
    case PROP_LINE_ALIGN:
      g_value_set_float (value, self->line_align);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
dispose (GObject *object)
{
  heed_wrap_box_remove_all (HEED_WRAP_BOX (object));
  G_OBJECT_CLASS (heed_wrap_box_parent_class)->dispose (object);
}

static void
heed_wrap_box_class_init (HeedWrapBoxClass *class)
{
  GObjectClass *object_class = G_OBJECT_CLASS (class);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (class);

  object_class->set_property = set_property;
  object_class->get_property = get_property;
  object_class->dispose = dispose;
  widget_class->get_request_mode = get_request_mode;
  widget_class->measure = measure;
  widget_class->size_allocate = size_allocate;

  properties[PROP_SPACING] =
      g_param_spec_int ("spacing", NULL, NULL, 0, G_MAXINT16, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_N_START] =
      g_param_spec_uint ("n-start", NULL, NULL, 0, G_MAXUINT16, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LINE_ALIGN] =
      g_param_spec_float ("line-align", NULL, NULL, 0, 1, 0, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
heed_wrap_box_init (HeedWrapBox *self)
{
}

GtkWidget *
heed_wrap_box_new (int spacing)
{
  return g_object_new (HEED_TYPE_WRAP_BOX, "spacing", spacing, NULL);
}

void
heed_wrap_box_append (HeedWrapBox *self, GtkWidget *child)
{
  g_return_if_fail (HEED_IS_WRAP_BOX (self));
  gtk_widget_set_parent (child, GTK_WIDGET (self));
}

void
heed_wrap_box_remove_all (HeedWrapBox *self)
{
  GtkWidget *child;

  g_return_if_fail (HEED_IS_WRAP_BOX (self));
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
}
