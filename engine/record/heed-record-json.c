#include "heed-record-json.h"
