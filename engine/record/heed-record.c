#include "heed-record.h"
