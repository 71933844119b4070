// Compares memory.c with loops of bytes: all lengths and overlaps that lead to another branch, each between pages that
// cannot be touched. Linked with memory.c it says nothing and ends with 0, or says what is wrong. `release/test` runs it.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { PAGE = 4096, LONGEST = 400, FARTHEST = 200 };

// What the functions are called by, so that no compiler knows better what they do.
static void *(*volatile copy)(void *, const void *, size_t) = memcpy;
static void *(*volatile move)(void *, const void *, size_t) = memmove;
static int (*volatile compare)(const void *, const void *, size_t) = memcmp;

static void fail(const char *what, size_t length, long at) {
    printf("%s of %zu bytes, at %ld\n", what, length, at);
    exit(1);
}

// A page between two that cannot be touched.
static unsigned char *lonely_page(void) {
    unsigned char *all = mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED || mprotect(all + PAGE, PAGE, PROT_READ | PROT_WRITE)) fail("a page", PAGE, 0);
    return all + PAGE;
}

static unsigned char byte_at(size_t at) { return (unsigned char)(at * 131 + (at >> 8) + 7); }

static void fill(unsigned char *page) {
    for (size_t at = 0; at < PAGE; at++) page[at] = byte_at(at);
}

// Copies from a place to a place of another page, and looks at all of that.
static void copies(unsigned char *to, unsigned char *from, size_t length, size_t target, size_t source) {
    fill(from);
    for (size_t at = 0; at < PAGE; at++) to[at] = 0;
    if (copy(to + target, from + source, length) != to + target) fail("result of memcpy", length, (long)target);
    for (size_t at = 0; at < PAGE; at++) {
        int is_copied = at >= target && at < target + length;
        if (to[at] != (is_copied ? byte_at(at - target + source) : 0)) fail("memcpy", length, (long)target);
    }
}

static void test_copying(unsigned char *to, unsigned char *from) {
    for (size_t length = 0; length <= LONGEST; length++) {
        for (size_t shift = 0; shift < 18; shift++) {
            copies(to, from, length, shift, PAGE - length);
            copies(to, from, length, PAGE - length, shift);
            copies(to, from, length, PAGE - length - shift, 0);
        }
    }
    copies(to, from, PAGE, 0, 0);
}

static void test_moving(unsigned char *page) {
    const size_t source = PAGE / 2;
    for (size_t length = 0; length <= LONGEST; length++) {
        for (long shift = -FARTHEST; shift <= FARTHEST; shift++) {
            size_t target = (size_t)((long)source + shift);
            fill(page);
            if (move(page + target, page + source, length) != page + target) fail("result of memmove", length, shift);
            for (size_t at = source - LONGEST; at < source + 2 * LONGEST; at++) {
                int is_moved = at >= target && at < target + length;
                if (page[at] != byte_at(is_moved ? at - target + source : at)) fail("memmove", length, shift);
            }
        }
    }
}

static int sign(int number) { return (number > 0) - (number < 0); }

static void test_comparing(unsigned char *left, unsigned char *right) {
    for (size_t length = 0; length <= LONGEST; length++) {
        unsigned char *one = left + PAGE - length, *other = right + PAGE - length;
        fill(left);
        fill(right);
        if (compare(one, other, length)) fail("memcmp of what is equal", length, 0);
        if (compare(left, right, length)) fail("memcmp of what is equal", length, 0);
        for (size_t at = 0; at < length; at++) {
            for (int by = 1; by < 256; by += 127) {
                unsigned char was = other[at];
                other[at] = (unsigned char)(was + by);
                int wanted = sign(one[at] - other[at]);
                // What follows says the opposite.
                for (size_t next = at + 1; next < length && next < at + 9; next++) other[next] = wanted < 0 ? 0 : 255;
                if (sign(compare(one, other, length)) != wanted) fail("memcmp", length, (long)at);
                if (sign(compare(other, one, length)) != -wanted) fail("memcmp", length, (long)at);
                for (size_t next = at; next < length && next < at + 9; next++) other[next] = one[next];
            }
        }
    }
}

int main(void) {
    unsigned char *one = lonely_page(), *other = lonely_page();
    test_copying(one, other);
    test_moving(one);
    test_comparing(one, other);
    return 0;
}
