#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether the processor has instructions for SHA-256 and this code knows them. Without them the functions below do
/// nothing.
bool csha256_is_available(void);

/// Takes `count` blocks of 64 bytes, one after the other, into a state of SHA-256 (FIPS 180-4, section 6.2.2).
void csha256_take(uint32_t state[8], const void *blocks, size_t count);

/// Takes `count` blocks into each of two states that have nothing to do with each other.
///
/// Each step of a block waits for the one before, so a processor that works on one stream has nothing to do for some of
/// the time. Two at once take about four fifths of the time that one after the other takes.
void csha256_take_two(
  uint32_t first[8], const void *first_blocks, uint32_t second[8], const void *second_blocks, size_t count);

/// How many messages are hashed side by side in wide registers.
enum { csha256_lanes = 16 };

/// Whether the processor has wide registers (AVX-512) and the system keeps them. Without them the function below does nothing.
bool csha256_has_lanes(void);

/// The SHA-256 of each of sixteen messages, which all begin with the byte `first`: `counts[i]` bytes at `messages[i]` follow
/// it, and its hash comes to the 32 bytes at `digests + 32 * i`. A message that is not wanted has 0 bytes.
///
/// It takes as long as sixteen of the longest would, a bit more than half of what one after the other take.
void csha256_hash_lanes(uint8_t first, const void *const *messages, const size_t *counts, uint8_t *digests);
