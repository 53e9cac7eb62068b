#include "heed-measures.h"
