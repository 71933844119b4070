// memcpy, memmove, memcmp and bcmp for programs that are linked with musl, whose own go byte by byte where what they
// are given is short (x86_64's memcpy) or always (memcmp). In a language server nearly all of it is short, and a half
// of a long answer's time was memcpy.
//
// What is read and written is at most that which was asked for: short blocks are a head and a tail that overlap, and
// all of a block is read before any of it is written, so that source and destination may overlap, too.
//
// Tested by memory_test.c, over all lengths and overlaps that lead to another branch.

#include <stddef.h>
#include <stdint.h>

// Sixteen bytes, which any kind of machine that Rust's musl is for copies at once or in two halves.
typedef unsigned char Sixteen __attribute__((vector_size(16)));

#define LOAD(type, name)                                                                                               \
    static inline type name(const unsigned char *from) {                                                               \
        type value;                                                                                                    \
        __builtin_memcpy(&value, from, sizeof value);                                                                  \
        return value;                                                                                                  \
    }
LOAD(uint16_t, load2)
LOAD(uint32_t, load4)
LOAD(uint64_t, load8)
LOAD(Sixteen, load16)

#define STORE(type, name)                                                                                              \
    static inline void name(unsigned char *to, type value) { __builtin_memcpy(to, &value, sizeof value); }
STORE(uint16_t, store2)
STORE(uint32_t, store4)
STORE(uint64_t, store8)
STORE(Sixteen, store16)

// --- copying ---

// Sixty-four bytes that were read.
typedef struct {
    Sixteen parts[4];
} Block;

static inline Block load64(const unsigned char *from) {
    return (Block){{load16(from), load16(from + 16), load16(from + 32), load16(from + 48)}};
}

static inline void store64(unsigned char *to, Block block) {
    store16(to, block.parts[0]);
    store16(to + 16, block.parts[1]);
    store16(to + 32, block.parts[2]);
    store16(to + 48, block.parts[3]);
}

// Up to 16 bytes.
static inline void copy_short(unsigned char *to, const unsigned char *from, size_t length) {
    if (length >= 8) {
        uint64_t head = load8(from), tail = load8(from + length - 8);
        store8(to, head);
        store8(to + length - 8, tail);
    } else if (length >= 4) {
        uint32_t head = load4(from), tail = load4(from + length - 4);
        store4(to, head);
        store4(to + length - 4, tail);
    } else if (length >= 2) {
        uint16_t head = load2(from), tail = load2(from + length - 2);
        store2(to, head);
        store2(to + length - 2, tail);
    } else if (length) {
        *to = *from;
    }
}

// 17 to 128 bytes.
static inline void copy_medium(unsigned char *to, const unsigned char *from, size_t length) {
    if (length > 64) {
        Block head = load64(from), tail = load64(from + length - 64);
        store64(to, head);
        store64(to + length - 64, tail);
    } else if (length > 32) {
        Sixteen first = load16(from), second = load16(from + 16);
        Sixteen third = load16(from + length - 32), last = load16(from + length - 16);
        store16(to, first);
        store16(to + 16, second);
        store16(to + length - 32, third);
        store16(to + length - 16, last);
    } else {
        Sixteen head = load16(from), tail = load16(from + length - 16);
        store16(to, head);
        store16(to + length - 16, tail);
    }
}

// More than 64 bytes, from the first to the last: what is written is never yet to be read, but for the tail.
static void copy_forwards(unsigned char *to, const unsigned char *from, size_t length) {
    Block tail = load64(from + length - 64);
    for (size_t done = 0; done < length - 64; done += 64) store64(to + done, load64(from + done));
    store64(to + length - 64, tail);
}

// The same from the last to the first, for a destination that begins within the source.
static void copy_backwards(unsigned char *to, const unsigned char *from, size_t length) {
    Block head = load64(from);
    for (size_t left = length; left > 64; left -= 64) store64(to + left - 64, load64(from + left - 64));
    store64(to, head);
}

void *memmove(void *destination, const void *source, size_t length) {
    unsigned char *to = destination;
    const unsigned char *from = source;
    if (length <= 16) {
        copy_short(to, from, length);
    } else if (length <= 128) {
        copy_medium(to, from, length);
    } else if ((uintptr_t)to - (uintptr_t)from >= length) {
        copy_forwards(to, from, length);
    } else {
        copy_backwards(to, from, length);
    }
    return destination;
}

void *memcpy(void *destination, const void *source, size_t length) __attribute__((alias("memmove")));

// --- comparing ---

// Which of two words is less, by the first byte in which they differ: the lowest, on machines that are little-endian.
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the first byte is the lowest");
static inline int order(uint64_t left, uint64_t right) {
    left = __builtin_bswap64(left);
    right = __builtin_bswap64(right);
    return (left > right) - (left < right);
}

// Less than eight bytes as one word.
static inline uint64_t load_short(const unsigned char *from, size_t length) {
    if (length >= 4) return load4(from) | (uint64_t)load4(from + length - 4) << 8 * (length - 4);
    if (length >= 2) return load2(from) | (uint64_t)load2(from + length - 2) << 8 * (length - 2);
    return length ? *from : 0;
}

int memcmp(const void *one, const void *other, size_t length) {
    const unsigned char *left = one, *right = other;
    if (length < 8) return order(load_short(left, length), load_short(right, length));
    size_t done = 0;
    for (; length - done > 16; done += 16) {
        uint64_t first[2] = {load8(left + done), load8(right + done)};
        uint64_t second[2] = {load8(left + done + 8), load8(right + done + 8)};
        if (first[0] != first[1]) return order(first[0], first[1]);
        if (second[0] != second[1]) return order(second[0], second[1]);
    }
    if (length - done > 8) {
        uint64_t words[2] = {load8(left + done), load8(right + done)};
        if (words[0] != words[1]) return order(words[0], words[1]);
    }
    return order(load8(left + length - 8), load8(right + length - 8));
}

int bcmp(const void *one, const void *other, size_t length) __attribute__((alias("memcmp")));
