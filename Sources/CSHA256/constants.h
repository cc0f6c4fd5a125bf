#pragma once

#include <stdint.h>

/// The constants K of FIPS 180-4, section 4.2.2.
extern const uint32_t csha256_constants[64];
