package offerql

import "strings"

// equalFold compares two strings of the same length, ASCII letters in any case.
func equalFold(a, b string) bool {
	if len(a) != len(b) {
		return false
	}
	for i := 0; i < len(a); i++ {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// containsFold reports whether low, which is in lower case, occurs in s, ASCII
// letters in any case. It allocates nothing: it runs for every offer.
func containsFold(s, low string) bool {
	if low == "" {
		return true
	}
	first := low[0]
	for i := 0; i+len(low) <= len(s); i++ {
		if lower(s[i]) == first && equalFold(s[i+1:i+len(low)], low[1:]) {
			return true
		}
	}
	return false
}

// containsTight is containsFold with the spaces of s left out, so that
// "rtx4090" is in "RTX 4090".
func containsTight(s, low string) bool {
	for i := range len(s) {
		if s[i] != ' ' && beginsTight(s[i:], low) {
			return true
		}
	}
	return false
}

func beginsTight(s, low string) bool {
	j := 0
	for i := 0; i < len(s) && j < len(low); i++ {
		if s[i] == ' ' {
			continue
		}
		if lower(s[i]) != low[j] {
			return false
		}
		j++
	}
	return j == len(low)
}

// tight is a text in lower case without what people leave out of GPU names.
func tight(low string) string { return tightener.Replace(low) }

var tightener = strings.NewReplacer(" ", "", "-", "", "_", "")

// lowerASCII is s with its ASCII letters in lower case, the letters that
// containsFold compares without regard to case.
func lowerASCII(s string) string {
	for i := 0; i < len(s); i++ {
		if 'A' <= s[i] && s[i] <= 'Z' {
			return strings.Map(func(r rune) rune {
				if 'A' <= r && r <= 'Z' {
					return r + 'a' - 'A'
				}
				return r
			}, s)
		}
	}
	return s
}
