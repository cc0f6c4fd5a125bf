#pragma once

#include <stdatomic.h>
#include <stdbool.h>

/// What `ask` says of the processor, asked once: that takes longer than hashing some blocks. Whoever asks at the same time gets the
/// same answer.
static inline bool csha256_remembered(_Atomic int *known, bool (*ask)(void)) {
  int answer = atomic_load_explicit(known, memory_order_relaxed);
  if (answer == 0) {
    answer = ask() ? 1 : -1;
    atomic_store_explicit(known, answer, memory_order_relaxed);
  }
  return answer > 0;
}
