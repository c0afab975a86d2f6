// What all kernels are compiled with: fused multiply-adds where they are asked for and nowhere else, on vectors as wide
// as the processor has.
#ifndef AUFDB_PROCESSORS_H
#define AUFDB_PROCESSORS_H

#if defined(__linux__)
#include <features.h>  // says whether the C library is glibc
#endif

#if defined(__clang__)
// Nothing is fused but what says so: else the bits would depend on the processor.
#pragma STDC FP_CONTRACT OFF
#define MULTIPLY_ADD(x, y, z) __builtin_elementwise_fma(x, y, z)
#else
// GCC fuses this by itself where the processor can.
#define MULTIPLY_ADD(x, y, z) ((x) * (y) + (z))
#endif

// Versions for the processors with AVX2 and AVX-512, picked when the program starts, where the compiler and the C
// library know how; elsewhere the one version that the compiler's target gives.
#if defined(__x86_64__) && defined(__GLIBC__) && \
    ((defined(__clang__) && __clang_major__ >= 16) || (!defined(__clang__) && defined(__GNUC__) && __GNUC__ >= 13))
#define EVERY_PROCESSOR __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#define HAS_PROCESSOR_VERSIONS 1
#else
#define EVERY_PROCESSOR
#define HAS_PROCESSOR_VERSIONS 0
#endif

// Every step is inlined into the versions of the functions below, so that it is compiled for each processor too.
#define INLINE static inline __attribute__((always_inline))

// How much of the inner index of a product is summed in one go.
#define RUN 256

#endif
