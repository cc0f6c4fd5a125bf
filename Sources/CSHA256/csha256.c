#include "CSHA256.h"
#include "constants.h"
#include "processor.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

#define WITH_SHA __attribute__((target("sha,sse4.1,ssse3")))
#define WITH_SHA_INLINE static inline __attribute__((target("sha,sse4.1,ssse3"), always_inline))

/// A state as the instructions want it: the words A, B, E, F and the words C, D, G, H.
typedef struct {
  __m128i abef, cdgh;
} Halves;

/// What is at work on one block of one stream.
typedef struct {
  Halves halves;
  __m128i words[4];
} Lane;

WITH_SHA_INLINE Halves load(const uint32_t state[8]) {
  __m128i cdab = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)&state[0]), 0xB1);
  __m128i efgh = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)&state[4]), 0x1B);
  Halves halves = {_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xF0)};
  return halves;
}

WITH_SHA_INLINE void store(Halves halves, uint32_t state[8]) {
  __m128i feba = _mm_shuffle_epi32(halves.abef, 0x1B);
  __m128i dchg = _mm_shuffle_epi32(halves.cdgh, 0xB1);
  _mm_storeu_si128((__m128i *)&state[0], _mm_blend_epi16(feba, dchg, 0xF0));
  _mm_storeu_si128((__m128i *)&state[4], _mm_alignr_epi8(dchg, feba, 8));
}

/// The sixteen words of a block, which stand in it with the highest byte first.
WITH_SHA_INLINE void begin(Lane *lane, const uint8_t *block) {
  const __m128i order = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
  for (int four = 0; four < 4; four++)
    lane->words[four] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(block + 16 * four)), order);
}

/// Four of the 64 rounds, and what they need of the message schedule for later ones.
WITH_SHA_INLINE void rounds(Lane *lane, int step) {
  __m128i *now = &lane->words[step & 3];
  __m128i *next = &lane->words[(step + 1) & 3];
  __m128i *last = &lane->words[(step + 3) & 3];
  __m128i sum = _mm_add_epi32(*now, _mm_load_si128((const __m128i *)&csha256_constants[4 * step]));
  lane->halves.cdgh = _mm_sha256rnds2_epu32(lane->halves.cdgh, lane->halves.abef, sum);
  if (step >= 3 && step < 15)
    *next = _mm_sha256msg2_epu32(_mm_add_epi32(*next, _mm_alignr_epi8(*now, *last, 4)), *now);
  lane->halves.abef = _mm_sha256rnds2_epu32(lane->halves.abef, lane->halves.cdgh, _mm_shuffle_epi32(sum, 0x0E));
  if (step >= 1 && step < 13) *last = _mm_sha256msg1_epu32(*last, *now);
}

WITH_SHA_INLINE void end(Lane *lane, Halves before) {
  lane->halves.abef = _mm_add_epi32(lane->halves.abef, before.abef);
  lane->halves.cdgh = _mm_add_epi32(lane->halves.cdgh, before.cdgh);
}

static bool has_instructions(void) {
  unsigned a, b, c, d;
  if (!__get_cpuid(1, &a, &b, &c, &d)) return false;
  // SSSE3 and SSE4.1.
  if (!(c & 1u << 9) || !(c & 1u << 19)) return false;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
  return b & 1u << 29;
}

bool csha256_is_available(void) {
  static _Atomic int known = 0;
  return csha256_remembered(&known, has_instructions);
}

WITH_SHA void csha256_take(uint32_t state[8], const void *blocks, size_t count) {
  const uint8_t *block = blocks;
  Lane lane = {.halves = load(state)};
  for (; count > 0; count--, block += 64) {
    Halves before = lane.halves;
    begin(&lane, block);
#pragma clang loop unroll(full)
    for (int step = 0; step < 16; step++) rounds(&lane, step);
    end(&lane, before);
  }
  store(lane.halves, state);
}

WITH_SHA void csha256_take_two(
  uint32_t first[8], const void *first_blocks, uint32_t second[8], const void *second_blocks, size_t count) {
  const uint8_t *left_block = first_blocks, *right_block = second_blocks;
  Lane left = {.halves = load(first)}, right = {.halves = load(second)};
  for (; count > 0; count--, left_block += 64, right_block += 64) {
    Halves left_before = left.halves, right_before = right.halves;
    begin(&left, left_block);
    begin(&right, right_block);
#pragma clang loop unroll(full)
    for (int step = 0; step < 16; step++) {
      rounds(&left, step);
      rounds(&right, step);
    }
    end(&left, left_before);
    end(&right, right_before);
  }
  store(left.halves, first);
  store(right.halves, second);
}

#else

bool csha256_is_available(void) { return false; }

void csha256_take(uint32_t state[8], const void *blocks, size_t count) {}

void csha256_take_two(
  uint32_t first[8], const void *first_blocks, uint32_t second[8], const void *second_blocks, size_t count) {}

#endif
