#include "CSHA256.h"
#include "constants.h"
#include "processor.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>
#include <string.h>

#define WIDE __attribute__((target("avx512f,avx512bw")))
#define WIDE_INLINE static inline __attribute__((target("avx512f,avx512bw"), always_inline))

enum { lanes = csha256_lanes, block_bytes = 64, words = 8 };

/// One word of each lane.
typedef __m512i Words;

/// The state that a hash begins with (FIPS 180-4, section 5.3.3).
static const uint32_t beginning[words] = {
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

/// One message: its whole blocks lie where it lies, but for the first one, and its end in blocks of their own.
typedef struct {
  const uint8_t *bytes;
  size_t whole, blocks;
  uint8_t head[block_bytes], tail[2 * block_bytes];
} Lane;

static void begin(Lane *lane, uint8_t first, const uint8_t *bytes, size_t count) {
  size_t all = count + 1, rest = all % block_bytes;
  lane->bytes = bytes;
  lane->whole = all / block_bytes;
  lane->blocks = (all + 8) / block_bytes + 1;
  size_t end = (lane->blocks - lane->whole) * block_bytes;
  memset(lane->tail, 0, end);
  if (lane->whole > 0) {
    lane->head[0] = first;
    memcpy(lane->head + 1, bytes, block_bytes - 1);
    memcpy(lane->tail, bytes + count - rest, rest);
  } else {
    lane->tail[0] = first;
    if (count > 0) memcpy(lane->tail + 1, bytes, count);
  }
  lane->tail[rest] = 0x80;
  uint64_t bits = __builtin_bswap64((uint64_t)all * 8);
  memcpy(lane->tail + end - 8, &bits, 8);
}

static inline const uint8_t *block(const Lane *lane, size_t step) {
  if (step < lane->whole) return step == 0 ? lane->head : lane->bytes + step * block_bytes - 1;
  return lane->tail + (step < lane->blocks ? step - lane->whole : 0) * block_bytes;
}

/// The sixteen words of a block of each lane: word after word instead of lane after lane.
WIDE_INLINE void load(const Lane lane[lanes], size_t step, Words word[16]) {
  const Words order = _mm512_broadcast_i32x4(_mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
  Words row[16], pair[16], four[16], half[16];
  for (int i = 0; i < 16; i++) row[i] = _mm512_shuffle_epi8(_mm512_loadu_si512(block(&lane[i], step)), order);
  for (int i = 0; i < 8; i++) {
    pair[2 * i] = _mm512_unpacklo_epi32(row[2 * i], row[2 * i + 1]);
    pair[2 * i + 1] = _mm512_unpackhi_epi32(row[2 * i], row[2 * i + 1]);
  }
  for (int i = 0; i < 16; i += 4) {
    four[i] = _mm512_unpacklo_epi64(pair[i], pair[i + 2]);
    four[i + 1] = _mm512_unpackhi_epi64(pair[i], pair[i + 2]);
    four[i + 2] = _mm512_unpacklo_epi64(pair[i + 1], pair[i + 3]);
    four[i + 3] = _mm512_unpackhi_epi64(pair[i + 1], pair[i + 3]);
  }
  for (int i = 0; i < 4; i++) {
    half[i] = _mm512_shuffle_i32x4(four[i], four[4 + i], 0x88);
    half[4 + i] = _mm512_shuffle_i32x4(four[i], four[4 + i], 0xdd);
    half[8 + i] = _mm512_shuffle_i32x4(four[8 + i], four[12 + i], 0x88);
    half[12 + i] = _mm512_shuffle_i32x4(four[8 + i], four[12 + i], 0xdd);
  }
  for (int i = 0; i < 4; i++) {
    word[i] = _mm512_shuffle_i32x4(half[i], half[8 + i], 0x88);
    word[8 + i] = _mm512_shuffle_i32x4(half[i], half[8 + i], 0xdd);
    word[4 + i] = _mm512_shuffle_i32x4(half[4 + i], half[12 + i], 0x88);
    word[12 + i] = _mm512_shuffle_i32x4(half[4 + i], half[12 + i], 0xdd);
  }
}

#define ADD(a, b) _mm512_add_epi32(a, b)
#define XOR3(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0x96)
#define CHOICE(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0xca)
#define MAJORITY(a, b, c) _mm512_ternarylogic_epi32(a, b, c, 0xe8)
#define TURN(a, n) _mm512_ror_epi32(a, n)

/// The 64 rounds of one block of each lane (FIPS 180-4, section 6.2.2). The eight variables stay where they are, and change
/// their names from round to round.
WIDE_INLINE void rounds(Words v[words], Words word[16]) {
#pragma clang loop unroll(full)
  for (int t = 0; t < 64; t++) {
    Words *a = &v[(64 - t) & 7], *b = &v[(65 - t) & 7], *c = &v[(66 - t) & 7], *d = &v[(67 - t) & 7];
    Words *e = &v[(68 - t) & 7], *f = &v[(69 - t) & 7], *g = &v[(70 - t) & 7], *h = &v[(71 - t) & 7];
    if (t >= 16) {
      Words x = word[(t + 1) & 15], y = word[(t + 14) & 15];
      Words low = XOR3(TURN(x, 7), TURN(x, 18), _mm512_srli_epi32(x, 3));
      Words high = XOR3(TURN(y, 17), TURN(y, 19), _mm512_srli_epi32(y, 10));
      word[t & 15] = ADD(ADD(word[t & 15], word[(t + 9) & 15]), ADD(low, high));
    }
    Words sum = ADD(ADD(*h, word[t & 15]), _mm512_set1_epi32((int)csha256_constants[t]));
    sum = ADD(ADD(sum, XOR3(TURN(*e, 6), TURN(*e, 11), TURN(*e, 25))), CHOICE(*e, *f, *g));
    *d = ADD(*d, sum);
    *h = ADD(sum, ADD(XOR3(TURN(*a, 2), TURN(*a, 13), TURN(*a, 22)), MAJORITY(*a, *b, *c)));
  }
}

WIDE void csha256_hash_lanes(
  uint8_t first, const void *const *messages, const size_t *counts, uint8_t *digests) {
  Lane lane[lanes];
  size_t steps = 0;
  for (int i = 0; i < lanes; i++) {
    begin(&lane[i], first, messages[i], counts[i]);
    if (lane[i].blocks > steps) steps = lane[i].blocks;
  }
  Words state[words];
  for (int i = 0; i < words; i++) state[i] = _mm512_set1_epi32((int)beginning[i]);
  for (size_t step = 0; step < steps; step++) {
    // Lanes whose message is over keep what they have.
    __mmask16 going = 0;
    for (int i = 0; i < lanes; i++) going |= (__mmask16)((step < lane[i].blocks) << i);
    Words word[16], v[words];
    load(lane, step, word);
    for (int i = 0; i < words; i++) v[i] = state[i];
    rounds(v, word);
    for (int i = 0; i < words; i++) state[i] = _mm512_mask_add_epi32(state[i], going, state[i], v[i]);
  }
  uint32_t found[words][lanes];
  for (int i = 0; i < words; i++) _mm512_storeu_si512(found[i], state[i]);
  for (int i = 0; i < lanes; i++) {
    for (int j = 0; j < words; j++) {
      uint32_t word = __builtin_bswap32(found[j][i]);
      memcpy(digests + 32 * i + 4 * j, &word, 4);
    }
  }
}

static bool has_instructions(void) {
  unsigned a, b, c, d;
  // The system must keep the wide registers too: it says so in XCR0 (Intel's manual, volume 1, section 15.2).
  if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & 1u << 27)) return false;
  unsigned low, high;
  __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  if ((low & 0xe6) != 0xe6) return false;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
  // AVX512F and AVX512BW.
  return (b & 1u << 16) && (b & 1u << 30);
}

bool csha256_has_lanes(void) {
  static _Atomic int known = 0;
  return csha256_remembered(&known, has_instructions);
}

#else

bool csha256_has_lanes(void) { return false; }

void csha256_hash_lanes(
  uint8_t first, const void *const *messages, const size_t *counts,
  uint8_t *digests) {}

#endif
