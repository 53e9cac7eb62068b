#include "heed-record-words.h"
