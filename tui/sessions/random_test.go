package sessions

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
)

// Whatever is pressed, in whatever state, and whatever comes in between: every frame
// is exact, every form can be drawn and handed in, and nothing is carried out that
// was not agreed to.
func TestAnyKeysInAnyStateKeepFramesExact(t *testing.T) {
	t.Parallel()
	names := make([]string, 0, len(states))
	for name := range states {
		names = append(names, name)
	}
	slices.Sort(names)
	for n, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(7, uint64(n)))
			s := states[name](t)
			keys := []string{"up", "down", "space", "g", "*", "x", "1", "q"}
			for range 150 {
				s.size = view.Size{W: 1 + r.IntN(220), H: 1 + r.IntN(50)}
				for _, a := range s.m.Actions(s.env()) {
					keys = append(keys[:8:8], a.Key.Keys()...)
					if r.IntN(8) == 0 {
						break
					}
				}
				handle(t, s, r, s.key(keys[r.IntN(len(keys))]), 3)
				happen(s, r)
				if err := fit.Exact(s.m.Draw(s.env(), s.size).Body, s.size.W, s.size.H); err != nil {
					t.Fatalf("%dx%d: %v", s.size.W, s.size.H, err)
				}
			}
		})
	}
}

// handle does with an effect what the root would, and fills forms in at random.
func handle(t *testing.T, s *stage, r *rand.Rand, e view.Effect, depth int) {
	t.Helper()
	s.grant(e)
	for _, in := range e.Intents {
		switch in := in.(type) {
		case view.Toast:
			if in.Text == "" {
				t.Error("an empty line is shown")
			}
		case view.Confirm:
			if in.Plan.ID == "" || in.Again == nil {
				t.Errorf("a plan without an id, or that cannot be worked out again: %+v", in)
			}
		case view.Ask:
			if depth > 0 {
				fillIn(t, s, r, in.Form, depth-1)
			}
		}
	}
	if e.Cmd != nil && depth > 0 && r.IntN(2) == 0 {
		for _, msg := range messages(e.Cmd()) {
			handle(t, s, r, s.tell(msg), depth-1)
		}
	}
}

func fillIn(t *testing.T, s *stage, r *rand.Rand, f view.Form, depth int) {
	t.Helper()
	v := view.Values{}
	for _, field := range f.Fields {
		v[field.Key] = field.Value
		if len(field.Options) > 0 && field.Kind == view.Choice {
			v[field.Key] = field.Options[r.IntN(len(field.Options))].Value
		}
		if field.Kind == view.Text && v[field.Key] == "" {
			v[field.Key] = []string{"", "8888", "/tmp/x", evil}[r.IntN(4)]
		}
		if f.React != nil {
			for key, value := range f.React(field.Key, v) {
				v[key] = value
			}
		}
	}
	if f.Panel != nil {
		f.Panel(v)
	}
	if f.Sum != nil {
		f.Sum(v)
	}
	switch {
	case f.Closed != nil && r.IntN(3) == 0:
		handle(t, s, r, f.Closed(s.env(), v), depth)
	case len(faults(f, v)) == 0:
		handle(t, s, r, f.Submit(s.env(), v), depth)
	}
}

// happen lets something be news now and then.
func happen(s *stage, r *rand.Rand) {
	s.now = s.now.Add(time.Second)
	switch r.IntN(12) {
	case 0:
		s.load(running(1, "train"), stopped(2, "eval"))
	case 1:
		s.load()
	case 2:
		s.open([]remote.Session{session(1), session(3)}, tunnelTo(1, "train", 8000+r.IntN(3), remote.TunnelState(r.IntN(5))))
	case 3:
		s.open(nil)
	case 4:
		c := under(1, r.IntN(2) == 0)
		c.ID = r.IntN(3)
		if r.IntN(2) == 0 {
			c.Ended = s.now
		}
		s.copying(c)
	case 5:
		s.keys([]vastapi.SSHKey{accountKey(5, keyHere)}, localKey("/k.pub", keyThere))
	case 6:
		s.tell(command.Examined{Instance: 1, Check: remote.Check{Step: remote.Step(r.IntN(7)), State: remote.CheckState(r.IntN(4)), Way: remote.Way(r.IntN(3)), Text: "x"}})
	case 7:
		s.tell(command.ShellEnded{Instance: 1, Code: 255, Failure: &remote.Failure{Sentence: "It does not answer."}})
	}
}
