package volumes

import (
	"testing"
	"unicode/utf8"
)

// Mistakes are marked by their place in what was read, so that has to be the place in
// what was typed.
func FuzzReadPlaces(f *testing.F) {
	for _, s := range []string{"region all", "region  all geo any x", "country\tALL", "région all", "a region all b", "region all region all", "region=all", "\u212aregion all"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		_, read, _ := readPlaces(text)
		if len(read) != len(text) {
			t.Fatalf("%q is read as %q", text, read)
		}
	})
}
