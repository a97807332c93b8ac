package instances

import (
	"testing"

	"vastdeck/tui/view"
)

// BenchmarkDetail is a frame with a detail about which everything is told.
func BenchmarkDetail(b *testing.B) {
	s := seen(b, told())
	s.size = view.Size{W: 200, H: 50}
	s.press("enter")
	env := s.env()
	for b.Loop() {
		s.m.Draw(env, s.size)
	}
}
