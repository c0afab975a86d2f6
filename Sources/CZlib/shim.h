// Lets Swift see zlib, which reads and writes gzip: the one compression that every trainer opens.
#include <zlib.h>
