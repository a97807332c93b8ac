package logs

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/tui/widget/logview"
	"vastdeck/vastapi"
)

func notReady() error { return &vastapi.Error{Kind: vastapi.KindNotReady} }

func TestFollowingMergesWithoutRepeats(t *testing.T) {
	play(t, func(s *stage) {
		s.api.write(7, 0, numbered(1, 50)...)
		s.rented(instance(7, "train", "running"))
		s.open(7)
		s.has("asking the machine of train")
		s.wait(2 * time.Second)
		s.has("step 50", "as of now", "asked again in")
		next := 51
		for range 40 {
			s.api.write(7, 30, numbered(next, next+6)...) // the log is rotated: only 30 lines are left of it
			next += 7
			s.wait(16 * time.Second)
		}
		if got, want := s.all(), text(numbered(1, next-1)); got != want {
			t.Errorf("the log is\n%s", got)
		}
	})
}

func TestALogThatJumpedSaysThatLinesMayBeMissingAndAsksForMore(t *testing.T) {
	play(t, func(s *stage) {
		s.api.write(7, 0, numbered(1, 20)...)
		s.rented(instance(7, "train", "running"))
		s.open(7)
		s.wait(time.Second)
		s.press("+")
		s.wait(2 * time.Second)
		s.api.write(7, 2000, numbered(5000, 9000)...)
		s.wait(15 * time.Second)
		if !strings.Contains(s.all(), "step 20\nstep 8001\n") && !strings.Contains(s.plain()+s.all(), "missing") {
			t.Errorf("the gap is not marked:\n%s", s.all())
		}
		asked := s.api.times(7)
		before := asked[len(asked)-1].opt.Tail
		s.wait(16 * time.Second)
		asked = s.api.times(7)
		if after := asked[len(asked)-1].opt.Tail; after <= before || after > 10_000 {
			t.Errorf("after the jump %d lines are asked for, before it %d", after, before)
		}
	})
}

func TestALogThatGrowsFasterThanItIsReadShowsNoLineTwice(t *testing.T) {
	play(t, func(s *stage) {
		s.api.write(7, 0, numbered(1, 20)...)
		s.rented(instance(7, "train", "running"))
		s.open(7)
		s.wait(time.Second)
		s.press("+")
		s.wait(2 * time.Second)
		next := 21
		for range 4 {
			s.api.write(7, 0, numbered(next, next+1799)...)
			next += 1800
			s.wait(16 * time.Second)
		}
		count := map[string]int{}
		for _, l := range strings.Split(s.all(), "\n") {
			if count[l]++; count[l] > 1 && !strings.HasPrefix(l, "…") {
				t.Fatalf("%q is shown more than once", l)
			}
		}
	})
}

func TestLogsAreNeverAskedForMoreOftenThanTheirInterval(t *testing.T) {
	for _, n := range []int{1, 3, 8, 24} {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			play(t, func(s *stage) {
				var list []vastapi.Instance
				var ids []vastapi.InstanceID
				for id := vastapi.InstanceID(1); id <= vastapi.InstanceID(n); id++ {
					list, ids = append(list, instance(id, fmt.Sprint("w-", id), "running")), append(ids, id)
					s.api.write(id, 0, "hello")
				}
				s.api.fail(1, notReady())
				s.rented(list...)
				s.open(ids...)
				for range 60 {
					s.wait(time.Minute)
					s.rented(list...)
				}
				for id, list := range s.api.asked {
					for i := 1; i < len(list); i++ {
						if gap := list[i].at.Sub(list[i-1].at); gap < command.LogsEvery(n) {
							t.Errorf("log %v was asked for again after %v", id, gap)
						}
					}
					if len(list) < 30 && n < 9 {
						t.Errorf("log %v was asked for %d times in an hour", id, len(list))
					}
				}
			})
		})
	}
}

func TestTheWaitThatTheServerNamesIsKept(t *testing.T) {
	play(t, func(s *stage) {
		s.rented(instance(7, "train", "running"))
		s.api.fail(7, &vastapi.Error{Kind: vastapi.KindRateLimited, Wait: 90 * time.Second})
		s.open(7)
		s.wait(5 * time.Second)
		s.has("asked again in")
		s.wait(80 * time.Second)
		if n := len(s.api.times(7)); n != 1 {
			t.Errorf("%d requests within the wait", n)
		}
		s.api.fail(7, nil)
		s.api.write(7, 0, "here it is")
		s.wait(5 * time.Minute)
		s.has("here it is")
	})
}

func TestNothingIsAskedForOnceThePageIsLeft(t *testing.T) {
	for name, leave := range map[string]func(*stage){
		"hidden": func(s *stage) { s.grant(s.m.Update(s.env(), view.Hidden{})) },
		"esc":    func(s *stage) { s.press("esc"); last[view.Back](s); s.grant(s.m.Update(s.env(), view.Hidden{})) },
		"hidden while an answer is awaited": func(s *stage) {
			s.press("r")
			s.wait(100 * time.Millisecond)
			s.grant(s.m.Update(s.env(), view.Hidden{}))
		},
	} {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *stage) {
				s.api.write(7, 0, "one")
				s.rented(instance(7, "train", "running"))
				s.open(7)
				s.wait(30 * time.Second)
				leave(s)
				before := len(s.api.times(7))
				for range 10 {
					s.wait(time.Minute)
					s.rented(instance(7, "train", "running"))
				}
				if n := len(s.api.times(7)); n != before {
					t.Errorf("%d requests after the page was left", n-before)
				}
				s.api.write(7, 0, "two")
				s.grant(s.m.Update(s.env(), view.Shown{}))
				s.wait(2 * time.Second)
				if s.all() != "one\ntwo\n" {
					t.Errorf("after coming back the log is %q", s.all())
				}
				s.wait(time.Minute)
				if n := len(s.api.times(7)); n < before+3 {
					t.Error("it is not followed any more")
				}
			})
		})
	}
}

func TestAStoppedInstanceIsAskedOnce(t *testing.T) {
	play(t, func(s *stage) {
		s.rented(instance(7, "train", "exited"))
		s.api.fail(7, notReady())
		s.open(7)
		for range 5 {
			s.wait(time.Minute)
			s.rented(instance(7, "train", "exited"))
		}
		if n := len(s.api.times(7)); n != 1 {
			t.Errorf("%d requests", n)
		}
		s.has("it is stopped, and has not sent its log", "not asked again by itself")
		s.api.fail(7, nil)
		s.api.write(7, 0, "up again")
		s.rented(instance(7, "train", "running"))
		s.wait(30 * time.Second)
		s.has("up again")
		s.rented()
		before := len(s.api.times(7))
		s.wait(5 * time.Minute)
		if n := len(s.api.times(7)); n > before {
			t.Error("an instance that is gone is asked")
		}
		s.has("up again")
	})
}

func TestWhatIsNotReadySaysHowToGoOn(t *testing.T) {
	play(t, func(s *stage) {
		s.rented(instance(7, "train", "running"))
		s.api.fail(7, notReady())
		s.open(7)
		s.wait(2 * time.Second)
		s.has("the machine has not sent it yet: r asks again")
		s.api.fail(7, nil)
		s.api.write(7, 0, "first words")
		s.press("r")
		s.wait(2 * time.Second)
		s.has("first words")
		s.lacks("not sent it yet")
	})
}

func TestSeveralLogsAreMergedUnderTheirNames(t *testing.T) {
	play(t, func(s *stage) {
		s.api.write(1, 0, "2026-03-01T12:00:01Z from one", "2026-03-01T12:00:03Z from one again")
		s.api.write(2, 0, "2026-03-01T12:00:02Z from two")
		s.api.fail(3, notReady())
		s.rented(instance(1, "w", "running"), instance(2, "w", "running"), instance(3, "other", "running"))
		s.open(1, 2, 3)
		s.wait(3 * time.Second)
		s.has("w#1", "w#2", "1 of 3 could not be read", "other: the machine has not sent it yet")
		if want := "w#1 | 2026-03-01T12:00:01Z from one\nw#2 | 2026-03-01T12:00:02Z from two\nw#1 | 2026-03-01T12:00:03Z from one again\n"; s.all() != want {
			t.Errorf("the log is %q", s.all())
		}
	})
}

func TestMoreOrFewerLinesAndTheOtherLogAreReadAnew(t *testing.T) {
	play(t, func(s *stage) {
		s.api.write(7, 0, numbered(1, 30_000)...)
		s.rented(instance(7, "train", "running"))
		s.open(7)
		s.wait(2 * time.Second)
		s.has("container log · last 1,000 lines")
		for _, want := range []struct {
			key  string
			held int
		}{{"+", 10_000}, {"+", 30_000}, {"-", 10_000}, {"-", 1000}, {"-", 100}} {
			s.press(want.key)
			s.wait(2 * time.Second)
			if s.m.log.Len() != want.held || !strings.HasSuffix(s.all(), "step 30000\n") {
				t.Errorf("after %s there are %d lines, not %d", want.key, s.m.log.Len(), want.held)
			}
		}
		s.press("m")
		s.wait(2 * time.Second)
		s.has("machine log (daemon)", "kaalia: container started")
		s.lacks("step 30000")
		s.press("m")
		s.wait(2 * time.Second)
		s.has("container log", "step 30000")
		s.lacks("kaalia")
	})
}

func TestPauseStopsAsking(t *testing.T) {
	play(t, func(s *stage) {
		s.api.write(7, 0, "one")
		s.rented(instance(7, "train", "running"))
		s.open(7)
		s.wait(2 * time.Second)
		s.press("p")
		s.has("paused: p goes on")
		s.wait(5 * time.Minute)
		if n := len(s.api.times(7)); n != 1 {
			t.Errorf("%d requests", n)
		}
		s.press("p")
		s.wait(2 * time.Second)
		if n := len(s.api.times(7)); n != 2 {
			t.Errorf("%d requests after going on", n)
		}
	})
}

func TestRefreshingEverythingAsksForTheLogToo(t *testing.T) {
	play(t, func(s *stage) {
		s.api.write(7, 0, "one")
		s.rented(instance(7, "train", "running"))
		s.open(7)
		s.wait(2 * time.Second)
		s.grant(s.m.Update(s.env(), command.Refresh{}))
		s.wait(2 * time.Second)
		if n := len(s.api.times(7)); n != 2 {
			t.Errorf("%d requests", n)
		}
		s.grant(s.m.Update(s.env(), view.Hidden{}))
		s.grant(s.m.Update(s.env(), command.Refresh{}))
		s.wait(2 * time.Second)
		if n := len(s.api.times(7)); n != 2 {
			t.Error("it is asked for although nobody sees it")
		}
	})
}

func TestTheFilterIsLiveAndSearchKeepsAllLines(t *testing.T) {
	play(t, func(s *stage) {
		s.api.write(7, 0, "an error", "fine", "another error", "fine too")
		s.rented(instance(7, "train", "running"))
		s.open(7)
		s.wait(2 * time.Second)
		s.press("/", "e", "r", "r")
		s.has("an error", "another error")
		s.lacks("fine")
		if !s.m.Capturing() {
			t.Error("the line does not have the keyboard")
		}
		s.press("enter", "n")
		s.has("▸an error")
		s.press("n")
		s.has("▸another error")
		s.press("esc", "esc")
		s.has("fine too")
		s.press("&", "f", "i", "n", "e", "enter")
		s.has("an error", "▸fine")
		s.press("esc", "esc")
		last[view.Back](s)
	})
}

func TestASearchEndsWithTheLogsItWasBegunIn(t *testing.T) {
	play(t, func(s *stage) {
		s.api.write(7, 0, "one")
		s.rented(instance(7, "train", "running"), instance(8, "empty", "running"))
		s.open(7)
		s.wait(2 * time.Second)
		s.press("&", "z", "z", "enter")
		s.has("&zz: not found")
		s.press("w")
		s.lacks("not found")
		s.has("&zz · n next")
		s.press("n")
		s.has("not found")
		s.open(8)
		s.wait(2 * time.Second)
		s.lacks("zz")
	})
}

func TestAnEmptyLogPointsToWhatTheMachineSays(t *testing.T) {
	play(t, func(s *stage) {
		s.api.write(8, 0)
		s.rented(instance(8, "empty", "running"))
		s.open(8)
		s.wait(2 * time.Second)
		s.has("nothing has been written yet: m shows what the machine says")
		s.press("m")
		s.wait(2 * time.Second)
		s.lacks("m shows")
	})
}

func TestKeysOfLessAndVimMove(t *testing.T) {
	play(t, func(s *stage) {
		s.api.write(7, 0, numbered(1, 500)...)
		s.rented(instance(7, "train", "running"))
		s.open(7)
		s.wait(2 * time.Second)
		s.has("step 500", "following")
		s.press("g")
		s.has("step 1 ")
		s.lacks("step 500")
		s.press("j", "j")
		s.has("step 3 ")
		s.lacks("step 2 ")
		s.press("space", "b", "d", "u", "G", "k")
		s.lacks("step 500")
		s.press("f")
		s.has("step 500", "following")
		s.press("q")
		last[view.Back](s)
	})
}

func TestHostileLinesAreDrawnInert(t *testing.T) {
	play(t, func(s *stage) {
		for _, bad := range []string{
			"\x1b]52;c;cm0gLXJmIC8K\a", "\x1b]0;pwned\a", "\u009b31mred", "\u202eRLO\u2066", "evil\roverwritten", "\x1b[2J\x1b[H",
			"\x1b]8;;http://evil.example\x1b\\link", "e" + strings.Repeat("\u0301", 300), strings.Repeat("世", 900), "👩‍👩‍👧‍👦🏳️‍🌈", "\x1bPq#0\x1b\\",
		} {
			s.api.write(7, 0, bad)
		}
		s.rented(instance(7, "evil\x1b]0;x\a\u202e", "running"))
		s.open(7)
		s.wait(2 * time.Second)
		s.press("w", "t")
		for _, size := range []view.Size{{W: 120, H: 40}, {W: 60, H: 16}, {W: 200, H: 60}} {
			body := s.m.Draw(s.env(), size).Body
			if err := fit.Exact(body, size.W, size.H); err != nil {
				t.Error(err)
			}
			for _, r := range body {
				if r < 0x20 && r != '\n' && r != 0x1b || r >= 0x7f && r < 0xa0 || r == '\u202e' || r == '\u2066' || r == '\u200d' {
					t.Fatalf("%U is drawn", r)
				}
			}
			if strings.Contains(body, "\x1b]") || strings.Contains(body, "\x1bP") || strings.Contains(body, "\x1b[2J") || strings.Contains(body, "\x1b[H") {
				t.Error("a sequence of the log reaches the terminal")
			}
		}
		if strings.ContainsAny(s.all(), "\x1b\a\r") {
			t.Error("what is saved is not inert")
		}
	})
}

func TestALargeLogIsTakenInPieces(t *testing.T) {
	play(t, func(s *stage) {
		var lines []string
		for n := range 100_000 {
			lines = append(lines, fmt.Sprintf("line %06d of a log that is as large as what can be held, more or less, about 100 bytes", n))
		}
		s.m.tail = logview.MaxLines
		s.m.sources = []*source{{id: 7, name: "train", asking: true}}
		s.m.shown = true
		e := s.m.Update(s.env(), command.LogsRead{Answer: command.Answer{At: time.Now()}, Instance: 7, Lines: lines})
		if held := s.m.log.Len(); held == 0 || held > 5000 {
			t.Errorf("%d lines are taken in at once", held)
		}
		s.has("line 00")
		s.grant(e)
		s.wait(time.Second)
		if s.m.log.Len() != len(lines) || s.m.waits() {
			t.Errorf("%d lines are held", s.m.log.Len())
		}
		if want := text(lines); s.all() != want {
			t.Error("they are not in order")
		}
	})
}

func TestLinesAreCopiedAndSaved(t *testing.T) {
	play(t, func(s *stage) {
		s.api.write(7, 0, numbered(1, 300)...)
		s.rented(instance(7, "train 1", "running"))
		s.open(7)
		s.wait(2 * time.Second)
		s.press("v", "k", "y")
		if c := last[view.Copy](s); c.Text != "step 299\nstep 300\n" || c.What != "2 lines" {
			t.Errorf("copied %q", c.Text)
		}
		s.press("Y")
		if c := last[view.Copy](s); c.Text != text(numbered(201, 300)) || c.Shown != "step 201" {
			t.Errorf("copied %q", c.Text)
		}
		s.press("C")
		if c := last[view.Copy](s); c.Text != "vastai logs 7 --tail 1000" {
			t.Errorf("copied %q", c.Text)
		}
		s.press("s")
		form := last[view.Ask](s).Form
		if len(form.Check(view.Values{"path": " "})) != 1 || !strings.Contains(form.Fields[0].Value, "vastdeck-train-1-") {
			t.Errorf("the form is %+v", form.Fields[0])
		}
		e := form.Submit(s.env(), view.Values{"path": " /tmp/x ", "replace": view.Yes})
		save, ok := e.Intents[0].(view.Save)
		if !ok || save.Path != "/tmp/x" || !save.Replace || save.Form != form.ID || save.Text() != text(numbered(1, 300)) {
			t.Errorf("saving is %+v", save)
		}
	})
}

func TestAFileIsFollowedOverSSH(t *testing.T) {
	play(t, func(s *stage) {
		s.api.write(7, 0, "of the API")
		s.rented(instance(7, "train", "running"), instance(8, "stopped", "exited"))
		s.open(7, 8)
		s.wait(2 * time.Second)
		s.press("o")
		form := last[view.Ask](s).Form
		if len(form.Check(view.Values{"file": "relative"})) == 0 {
			t.Error("a relative path is taken")
		}
		s.grant(form.Submit(s.env(), view.Values{"file": "/workspace/train.log"}))
		s.ssh.said <- "of ssh\n"
		s.wait(time.Second)
		s.has("live over ssh · tail -F /workspace/train.log", "of ssh", "1 of 2 followed", "stopped: it is stopped: only a running instance")
		s.lacks("of the API")
		before := len(s.api.times(7))
		s.wait(5 * time.Minute)
		if n := len(s.api.times(7)); n != before {
			t.Error("the API is asked as well")
		}
		s.ssh.said <- "more\n"
		s.wait(time.Second)
		s.grant(s.m.Update(s.env(), view.Hidden{}))
		s.wait(time.Second)
		s.ssh.said <- "nobody hears this\n"
		s.wait(time.Second)
		if s.m.log.Len() != 2 {
			t.Errorf("the log is %q", s.all())
		}
		<-s.ssh.said
		s.grant(s.m.Update(s.env(), view.Shown{}))
		s.wait(time.Second)
		close(s.ssh.said)
		s.wait(time.Second)
		s.has("it is not followed any more: the connection broke", "not followed: r follows anew")
		s.press("x")
		if to := last[view.Tell](s); to.View != view.Sessions || to.What != (view.Examine{Instance: 7}) {
			t.Errorf("told %+v", to)
		}
		s.press("o")
		s.wait(2 * time.Second)
		s.has("over the API", "of the API")
	})
}

func TestFollowingAnewIsNotEndedByTheEndOfTheOldConnection(t *testing.T) {
	play(t, func(s *stage) {
		s.rented(instance(7, "train", "running"))
		s.open(7)
		s.wait(2 * time.Second)
		s.press("o")
		s.grant(last[view.Ask](s).Form.Submit(s.env(), view.Values{"file": "/a"}))
		s.wait(time.Second)
		s.press("r")
		s.wait(time.Second)
		s.ssh.said <- "of the new one\n"
		s.wait(time.Second)
		s.has("each line as it comes", "of the new one")
		s.lacks("not followed")
	})
}

func TestWithoutSSHTheKeySaysWhy(t *testing.T) {
	play(t, func(s *stage) {
		s.ssh.refused[7] = "it has no port for ssh"
		s.rented(instance(7, "train", "running"))
		s.open(7)
		s.press("o")
		if got := last[view.Toast](s).Text; got != "it has no port for ssh" {
			t.Errorf("it says %q", got)
		}
	})
}

func TestOpeningOtherLogsForgetsTheOldOnes(t *testing.T) {
	play(t, func(s *stage) {
		s.api.write(1, 0, "of one")
		s.api.write(2, 0, "of two")
		s.rented(instance(1, "a", "running"), instance(2, "b", "running"))
		s.open(1)
		s.wait(2 * time.Second)
		s.grant(s.m.Update(s.env(), view.Hidden{}))
		s.open(2)
		s.wait(time.Minute)
		s.has("of two")
		s.lacks("of one")
		if n := len(s.api.times(1)); n != 1 {
			t.Errorf("the other log was asked for %d times", n)
		}
	})
}

func TestFramesAreExactInEveryState(t *testing.T) {
	states := map[string]func(*stage){
		"nothing chosen": func(*stage) {},
		"asking":         func(s *stage) { s.open(7) },
		"full":           func(s *stage) { s.api.write(7, 0, numbered(1, 900)...); s.open(7); s.wait(2 * time.Second) },
		"failures":       func(s *stage) { s.api.fail(7, notReady()); s.open(7, 8, 9); s.wait(2 * time.Second) },
		"typing":         func(s *stage) { s.api.write(7, 0, "x"); s.open(7); s.wait(2 * time.Second); s.press("/", "世", "x") },
		"wide letters, wrapped, several": func(s *stage) {
			s.api.write(7, 0, strings.Repeat("世界", 400), "e"+strings.Repeat("\u0301", 40))
			s.api.write(8, 0, "plain")
			s.open(7, 8)
			s.wait(2 * time.Second)
			s.press("w", "t", "v")
		},
	}
	for name, make := range states {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *stage) {
				s.rented(instance(7, strings.Repeat("世", 60), "running"), instance(8, "b", "exited"))
				make(s)
				stride := 37
				if testing.Short() {
					stride = 1009
				}
				for n := 0; n < 260*70; n += stride {
					w, h := 1+n%260, 1+n/260
					f := s.m.Draw(s.env(), view.Size{W: w, H: h})
					if err := fit.Exact(f.Body, w, h); err != nil {
						t.Fatalf("%dx%d: %v", w, h, err)
					}
					if c := f.Cursor; c != nil && (c.X < 0 || c.X >= w || c.Y < 0 || c.Y >= h) {
						t.Fatalf("%dx%d: the text cursor stands at %d,%d", w, h, c.X, c.Y)
					}
				}
			})
		})
	}
}
