// Lets Swift see libzstd (compression of imports and exports). The error codes have a header of their own.
#include <zstd.h>
#include <zstd_errors.h>
