package safetext

import (
	"unicode"
	"unicode/utf8"
)

// Regional indicators, the letters flags are made of.
const regionalA, regionalZ = 0x1f1e6, 0x1f1ff

// inert returns the harmless rune that stands for r, or dropped. size is the
// number of bytes r was decoded from and tells a real U+FFFD from a bad byte.
func inert(r rune, size int) rune {
	switch {
	case r >= 0x20 && r <= 0x7e:
		return r
	case r < 0x20:
		return 0x2400 + r
	case r == 0x7f:
		return 0x2421
	case r < 0xa0, r == utf8.RuneError:
		return utf8.RuneError
	case isJoiner(r):
		return dropped
	case unicode.Is(unicode.Zs, r):
		return ' '
	case r >= regionalA && r <= regionalZ:
		return 'A' + r - regionalA // flags: half of all terminals count a pair as one glyph
	case !unicode.IsGraphic(r), isBlank(r), isUncertain(r):
		// IsGraphic leaves out Cc, Cf, Co, Cs, Zl, Zp, noncharacters and
		// everything unassigned.
		return utf8.RuneError
	}
	return r
}

// isJoiner reports the code points that only glue or restyle their neighbours.
// They are dropped rather than shown: a person who sees the rest sees it all.
func isJoiner(r rune) bool {
	switch {
	case r == 0x00ad, r == 0x200d:
		return true
	case r >= 0x180b && r <= 0x180f:
		return true
	case r >= 0xfe00 && r <= 0xfe0f, r >= 0xe0100 && r <= 0xe01ef:
		return true
	}
	return false
}

// isBlank reports letters and marks that look like a space or like nothing.
func isBlank(r rune) bool {
	switch r {
	case 0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0, 0x16fe4:
		return true
	}
	return false
}

// isUncertain reports the code points that make two ways of counting cells
// disagree: one adds up the runes (wcwidth), the other takes a grapheme cluster
// as one glyph. A row that holds one would end a cell early or late on half of
// all terminals. Scripts written with spacing vowel signs lose those signs by
// this; their letters stay.
func isUncertain(r rune) bool {
	switch {
	case r < 0x0900:
		return false
	case r >= 0x1100 && r <= 0x11ff, r >= 0xa960 && r <= 0xa97f, r >= 0xd7b0 && r <= 0xd7ff:
		return true // conjoining jamo
	case r >= 0x1f3fb && r <= 0x1f3ff:
		return true // skin tones
	}
	return unicode.Is(unicode.Mc, r) || unicode.Is(gluing, r)
}

// gluing are the code points outside Mc that join a neighbour into one cluster
// though both have a width: viramas that form conjuncts, letters that attach to
// the one before or after them, and halfwidth voicing marks.
var gluing = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x094d, Hi: 0x094d, Stride: 1}, {Lo: 0x09cd, Hi: 0x09cd, Stride: 1},
		{Lo: 0x0acd, Hi: 0x0acd, Stride: 1}, {Lo: 0x0b4d, Hi: 0x0b4d, Stride: 1},
		{Lo: 0x0c4d, Hi: 0x0c4d, Stride: 1}, {Lo: 0x0d4d, Hi: 0x0d4e, Stride: 1},
		{Lo: 0x0e33, Hi: 0x0e33, Stride: 1}, {Lo: 0x0eb3, Hi: 0x0eb3, Stride: 1},
		{Lo: 0x1039, Hi: 0x1039, Stride: 1}, {Lo: 0x17d2, Hi: 0x17d2, Stride: 1},
		{Lo: 0x1a60, Hi: 0x1a60, Stride: 1}, {Lo: 0x1bab, Hi: 0x1bab, Stride: 1},
		{Lo: 0xaaf6, Hi: 0xaaf6, Stride: 1}, {Lo: 0xff9e, Hi: 0xff9f, Stride: 1},
	},
	R32: []unicode.Range32{
		{Lo: 0x10a3f, Hi: 0x10a3f, Stride: 1}, {Lo: 0x11133, Hi: 0x11133, Stride: 1},
		{Lo: 0x111c2, Hi: 0x111c3, Stride: 1}, {Lo: 0x1193e, Hi: 0x1193f, Stride: 1},
		{Lo: 0x11941, Hi: 0x11941, Stride: 1}, {Lo: 0x11a47, Hi: 0x11a47, Stride: 1},
		{Lo: 0x11a84, Hi: 0x11a89, Stride: 1}, {Lo: 0x11a99, Hi: 0x11a99, Stride: 1},
		{Lo: 0x11d46, Hi: 0x11d46, Stride: 1}, {Lo: 0x11f02, Hi: 0x11f02, Stride: 1},
		{Lo: 0x11f42, Hi: 0x11f42, Stride: 1},
	},
}
