package activity

import (
	"testing"

	"vastdeck/tui/tuitest/solo"
)

func TestClicksAndTheWheelOnlyLook(t *testing.T) {
	t.Parallel()
	for name, make := range states {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := make(t)
			solo.ClicksLook(t, s.m, s.env)
		})
	}
}
