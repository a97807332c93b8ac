package remote

import (
	"slices"
	"testing"
	"time"
)

func TestTheWaitDoublesUpToItsMost(t *testing.T) {
	t.Parallel()
	b := Backoff{First: time.Second, Most: 30 * time.Second, Chance: func() float64 { return 0.5 }}
	var got []time.Duration
	for i := 1; i <= 8; i++ {
		got = append(got, b.After(i)/time.Second)
	}
	if want := []time.Duration{1, 2, 4, 8, 16, 30, 30, 30}; !slices.Equal(got, want) {
		t.Errorf("waits %v s, want %v", got, want)
	}
	b.Jitter = 0.2
	if got := b.After(4); got != 7200*time.Millisecond {
		t.Errorf("with half of a fifth by chance: %v, want 7.2s", got)
	}
	b.Chance = nil
	for i := range 1000 {
		if got := b.After(4); got > 8*time.Second || got < 6400*time.Millisecond {
			t.Fatalf("%d: %v is outside of 6.4 to 8 s", i, got)
		}
	}
}
