package instances

import (
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
)

// What a key costs with thousands of instances: the actions that the program asks for
// to find its meaning, the view's part of Update, and the frame.
func BenchmarkKey(b *testing.B) {
	for _, n := range []int{500, 5_000} {
		for name, keys := range map[string][2]tea.KeyPressMsg{
			"down":   {{Code: tea.KeyDown}, {Code: tea.KeyUp}},
			"space":  {{Code: tea.KeySpace, Text: " "}, {Code: tea.KeySpace, Text: " "}},
			"page":   {{Code: tea.KeyPgDown}, {Code: tea.KeyPgUp}},
			"letter": {{Code: '4', Text: "4"}, {Code: tea.KeyBackspace}},
		} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				s := fleet(b, many(n))
				if name == "letter" {
					s.m.query.Focus()
				}
				env := s.env()
				s.m.Draw(env, s.size)
				b.ResetTimer()
				for i := range b.N {
					s.m.Actions(env)
					e := s.m.Update(env, keys[i%2])
					s.m.Draw(env, s.size)
					b.StopTimer()
					s.settle(e) // elsewhere
					s.m.Draw(env, s.size)
					b.StartTimer()
				}
				if took := b.Elapsed() / time.Duration(b.N); b.N > 10 {
					verdict := "ok"
					if took > time.Millisecond {
						verdict = "MISS"
					}
					b.Logf("P14 %s with %d instances: %.3f ms (at most 1) %s", name, n, float64(took)/1e6, verdict)
				}
			})
		}
	}
}

// What messages cost in Update with thousands of instances, and what is worked out
// elsewhere because of them.
func BenchmarkUpdate(b *testing.B) {
	for _, n := range []int{500, 5_000} {
		for name, msg := range map[string]func(*stage, int) tea.Msg{
			"answer": func(s *stage, _ int) tea.Msg { s.m.seen = -1; return command.InstancesLoaded{} },
			"beat":   func(s *stage, i int) tea.Msg { return command.Beat{At: noon.Add(time.Duration(i) * time.Second)} },
			"arranged": func(s *stage, _ int) tea.Msg {
				s.m.table.Reverse()
				job, ok := s.m.table.Job()
				if !ok {
					return nil // it was arranged at once
				}
				return command.Computed[arrangement]{Value: job.Run()}
			},
			"focused": func(*stage, int) tea.Msg { return view.Focused{On: vastapi.InstanceID(20_000_003)} },
		} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				s := fleet(b, many(n))
				env := s.env()
				for i := range b.N {
					b.StopTimer()
					m := msg(s, i)
					b.StartTimer()
					e := s.m.Update(env, m)
					b.StopTimer()
					s.settle(e)
					b.StartTimer()
				}
			})
		}
		b.Run(fmt.Sprintf("read/%d", n), func(b *testing.B) {
			s := fleet(b, many(n))
			f := s.data.Instances
			in := material{list: f.Value.Instances, at: f.At, now: s.now, traces: s.data.Traces, starts: s.m.starts}
			for b.Loop() {
				in.read()
			}
		})
	}
}

// What a key costs on the pages that have a line for each of thousands, and while all
// of them are marked.
func BenchmarkKeyOfMany(b *testing.B) {
	down := [2]tea.KeyPressMsg{{Code: tea.KeyDown}, {Code: tea.KeyUp}}
	increases := func(n int) func(*stage) {
		return func(s *stage) {
			var list []vastapi.PriceIncrease
			for k := range n {
				list = append(list, asked(vastapi.PriceIncreaseID(k+1), vastapi.InstanceID(20_000_000+k)))
			}
			s.increases(list...)
			s.press("I")
		}
	}
	for name, prepare := range map[string]func(*stage){
		"all marked":      func(s *stage) { s.m.table.MarkAllShown() },
		"increases/500":   increases(500),
		"increases/5000":  increases(5_000),
		"increases/marks": func(s *stage) { increases(5_000)(s); s.press("*") },
		"group detail":    func(s *stage) { s.settle(s.press("z")); s.m.table.Home(); s.press("enter") },
	} {
		b.Run(name, func(b *testing.B) {
			s := fleet(b, many(5_000))
			prepare(s)
			env := s.env()
			s.m.Draw(env, s.size)
			b.ResetTimer()
			for i := range b.N {
				taken := false
				for _, a := range s.m.Actions(env) {
					if a.Key.Keys()[0] == down[i%2].String() {
						a.Do()
						taken = true
					}
				}
				if !taken {
					s.m.Update(env, down[i%2])
				}
				s.m.Draw(env, s.size)
			}
			if took := b.Elapsed() / time.Duration(b.N); b.N > 10 {
				verdict := "ok"
				if took > time.Millisecond {
					verdict = "MISS"
				}
				b.Logf("P14 %s: %.3f ms (at most 1) %s", name, float64(took)/1e6, verdict)
			}
		})
	}
}
