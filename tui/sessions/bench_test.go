package sessions

import (
	"testing"

	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// BenchmarkFrame draws the view and asks for its actions, as each key does, with
// thousands of instances: in the list, and while one of them is chosen.
func BenchmarkFrame(b *testing.B) {
	s := benchStage(b)
	for _, c := range []struct{ name, key string }{{"list", ""}, {"choosing", "f"}} {
		b.Run(c.name, func(b *testing.B) {
			if c.key != "" {
				s.press(c.key)
			}
			env := s.env()
			for b.Loop() {
				s.m.Actions(env)
				s.m.Draw(env, view.Size{W: 200, H: 60})
			}
		})
	}
}

func benchStage(b *testing.B) *stage {
	b.Helper()
	s := newStage(b)
	list := make([]vastapi.Instance, 5000)
	for n := range list {
		list[n] = running(vastapi.InstanceID(n+1), "node")
	}
	s.load(list...)
	s.open([]remote.Session{session(9999)})
	return s
}
