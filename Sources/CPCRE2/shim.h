// Lets Swift see PCRE2 for texts in UTF-8 (regular expressions in queries).
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
