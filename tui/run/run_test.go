package run

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/view"
	"vastdeck/tui/widget/fit"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/rental"
	"vastdeck/vastapi/vastsim"
)

func TestARunningInstanceRunsAnyCommandOverSSH(t *testing.T) {
	play(t, func(s *stage) {
		id := s.up()[0]
		s.ssh.exec = func(_ context.Context, _ vastapi.InstanceID, _ string, out func(remote.Stream, []byte)) (int, error) {
			out(remote.Stdout, []byte("GPU 0: RTX\n"))
			out(remote.Stderr, []byte("a warning\n"))
			time.Sleep(3 * time.Second)
			return 2, nil
		}
		s.open(id)
		s.has("over ssh: any command", "time-out 2m")
		s.enter("nvidia-smi -L")
		s.wait(time.Second)
		s.has("running", "GPU 0: RTX", "err │ a warning")
		s.wait(3 * time.Second)
		s.has("exit 2", "took 3.0 s")
		if got := s.ssh.commands(); len(got) != 1 || got[0] != id.String()+" nvidia-smi -L" {
			t.Errorf("ran %v", got)
		}
		if s.sent() != 0 {
			t.Error("the API was used as well")
		}
	})
}

func TestAStoppedInstanceRunsWhatTheAPIKnows(t *testing.T) {
	play(t, func(s *stage) {
		id := s.down()[0]
		s.open(id)
		s.has("through the API: it is stopped; only ls, rm, du run there", "0 of 512")
		s.enter("cat /etc/passwd")
		s.has("only ls, rm, du run there, through the API")
		s.enter("ls -l /workspace")
		s.wait(time.Second)
		s.has("waiting")
		s.wait(30 * time.Second)
		s.has("train.py", "ran")
		if len(s.ssh.commands()) != 0 || s.sent() != 1 {
			t.Errorf("%v over ssh, %d through the API", s.ssh.commands(), s.sent())
		}
		if strings.Contains(s.printed(id), "/var/lib/docker") {
			t.Error("the path on the host is shown")
		}
	})
}

func TestACommandThatIsTooLongForTheAPIIsNotSent(t *testing.T) {
	play(t, func(s *stage) {
		s.open(s.down()[0])
		s.enter("ls /" + strings.Repeat("x", 509))
		s.has("513 of 512: too long")
		s.wait(time.Minute)
		if s.sent() != 0 || s.m.batch != nil {
			t.Error("it was sent")
		}
		s.enter("ls /" + strings.Repeat("x", 508))
		s.wait(30 * time.Second)
		if s.sent() != 1 {
			t.Errorf("%d requests with 512 characters", s.sent())
		}
	})
}

func TestTheReportOfAnotherPlanIsNotTakenForTheCommands(t *testing.T) {
	play(t, func(s *stage) {
		s.open(s.down()[0])
		s.enter("ls /workspace")
		plan := last[view.Confirm](s).Plan
		other := rental.Report{Plan: rental.Plan{ID: "another"}, Failed: []rental.StepResult{{Step: plan.Steps[0], Why: "of another plan"}}}
		s.grant(s.m.Update(s.env(), command.PlanExecuted{Report: other}))
		s.has("waiting")
		s.lacks("of another plan")
		s.wait(time.Minute)
		s.has("train.py")
		failed := rental.Report{Plan: plan, Failed: []rental.StepResult{{Step: plan.Steps[0], Why: "the container is not there"}}}
		s.grant(s.m.Update(s.env(), command.PlanExecuted{Report: failed}))
		s.has("failed: the container is not there")
	})
}

func TestRemovingNeedsTypedWords(t *testing.T) {
	play(t, func(s *stage) {
		s.refuse = true
		id := s.down()[0]
		s.open(id)
		s.enter("rm -r /workspace/out")
		s.wait(time.Minute)
		c := last[view.Confirm](s)
		if c.Plan.Consent.Kind != rental.ConsentType || c.Plan.Consent.Words == "" {
			t.Errorf("the consent is %+v", c.Plan.Consent)
		}
		s.has("not agreed to", "nothing is sent unless it is agreed to")
		if s.sent() != 0 {
			t.Error("it was sent without consent")
		}
		s.refuse = false
		s.grant(c.Again(s.env(), "")) // the facts have moved meanwhile, and the user agrees to the new plan
		s.wait(time.Minute)
		s.has("ran")
		if s.sent() != 1 {
			t.Errorf("%d requests", s.sent())
		}
	})
}

func TestSeveralHostsAreNamedBeforeAnythingRuns(t *testing.T) {
	play(t, func(s *stage) {
		ids := append(s.up(), s.down()...)
		s.open(ids...)
		s.has(fmt.Sprintf("%d over ssh", len(s.up())), fmt.Sprintf("%d through the API (it is stopped)", len(s.down())))
		s.enter("ls /workspace")
		s.wait(10 * time.Second)
		if len(s.ssh.commands()) != 0 || s.sent() != 0 {
			t.Fatal("it runs without having been agreed to")
		}
		form := last[view.Ask](s).Form
		said := fmt.Sprint(form.Intro)
		for _, id := range ids {
			i, _ := s.data.Instance(id)
			if !strings.Contains(said, named(i)) {
				t.Errorf("%s is not named in %s", named(i), said)
			}
		}
		if !strings.Contains(said, `"ls /workspace"`) {
			t.Errorf("the command is not named in %s", said)
		}
		s.agree()
		s.wait(time.Minute)
		if len(s.ssh.commands()) != len(s.up()) || s.sent() != len(s.down()) {
			t.Errorf("%v over ssh, %d through the API", s.ssh.commands(), s.sent())
		}
		for _, id := range s.up() {
			if s.printed(id) != "from "+id.String()+": ls /workspace\n" {
				t.Errorf("%s has printed %q", id, s.printed(id))
			}
		}
		for _, id := range s.down() {
			if !strings.Contains(s.printed(id), "train.py") || strings.Contains(s.printed(id), "from") {
				t.Errorf("%s has printed %q", id, s.printed(id))
			}
		}
		s.has("all, merged", "exit 0")
		all, n := s.m.batch.all.All().Text()
		for _, id := range s.up() {
			i, _ := s.data.Instance(id)
			if !strings.Contains(all, named(i)+" | from "+id.String()+":") {
				t.Errorf("merged, %s is not marked:\n%s", id, all)
			}
		}
		if n < len(ids) {
			t.Errorf("merged there are %d lines", n)
		}
	})
}

func TestOutputOfManyHostsIsNeverMixedUp(t *testing.T) {
	play(t, func(s *stage) {
		ids := s.up()
		if len(ids) < 12 {
			t.Fatalf("only %d run", len(ids))
		}
		s.ssh.exec = func(_ context.Context, id vastapi.InstanceID, _ string, out func(remote.Stream, []byte)) (int, error) {
			for n := range 40 {
				time.Sleep(time.Duration(1+id%7) * 10 * time.Millisecond)
				out(remote.Stdout, fmt.Appendf(nil, "%v line %d\n", id, n))
			}
			return int(id % 3), nil
		}
		s.open(ids...)
		s.enter("train")
		s.agree()
		s.wait(2 * time.Minute)
		for _, id := range ids {
			var want strings.Builder
			for n := range 40 {
				fmt.Fprintf(&want, "%v line %d\n", id, n)
			}
			if got := s.printed(id); got != want.String() {
				t.Errorf("%v has printed %q", id, got)
			}
			if j := s.m.batch.job(id); !j.coded || j.code != int(id%3) {
				t.Errorf("%v ended with %d", id, j.code)
			}
		}
		if s.ssh.most != command.AtOnce {
			t.Errorf("%d ran at once", s.ssh.most)
		}
	}, vastsim.WithInstances(30))
}

func TestMoreThanFiftyHostsNeedTheirNumber(t *testing.T) {
	play(t, func(s *stage) {
		ids := s.up()
		if len(ids) <= many {
			t.Fatalf("only %d run", len(ids))
		}
		s.open(ids...)
		s.enter("hostname")
		form := last[view.Ask](s).Form
		for _, v := range []string{"", view.Yes, "1", fmt.Sprint(len(ids) + 1)} {
			if len(form.Check(view.Values{"sure": v})) == 0 {
				t.Errorf("%q is taken", v)
			}
		}
		s.agree()
		s.wait(time.Minute)
		if len(s.ssh.commands()) != len(ids) {
			t.Errorf("it ran on %d", len(s.ssh.commands()))
		}
	}, vastsim.WithInstances(160))
}

func TestCancellingEndsOneHostOrAll(t *testing.T) {
	play(t, func(s *stage) {
		s.ssh.exec = func(ctx context.Context, id vastapi.InstanceID, _ string, out func(remote.Stream, []byte)) (int, error) {
			out(remote.Stdout, []byte("begun\n"))
			<-ctx.Done()
			return 0, ctx.Err()
		}
		s.m.timeout = 0
		ids := s.up()[:3]
		s.open(ids...)
		s.enter("sleep infinity")
		s.agree()
		s.wait(5 * time.Second)
		s.has("3 running")
		s.press(".", "x")
		s.wait(time.Second)
		if s.m.batch.jobs[0].phase != given || s.m.batch.jobs[1].phase != running {
			t.Errorf("the phases are %v and %v", s.m.batch.jobs[0].phase, s.m.batch.jobs[1].phase)
		}
		s.press("e")
		s.enter("another")
		s.has("the command before still runs")
		s.press("esc", "X")
		s.wait(time.Second)
		s.has("3 cancelled")
		if s.ssh.running != 0 || s.m.batch.running() {
			t.Errorf("%d still run", s.ssh.running)
		}
		s.has("begun")
		s.press("x")
		if got := last[view.Toast](s).Text; got != "nothing runs there" {
			t.Errorf("it says %q", got)
		}
	})
}

func TestWhatACancelledCommandStillSaysIsNotTakenForTheNext(t *testing.T) {
	play(t, func(s *stage) {
		s.ssh.exec = func(ctx context.Context, _ vastapi.InstanceID, line string, out func(remote.Stream, []byte)) (int, error) {
			if line == "first" {
				<-ctx.Done()
				time.Sleep(3 * time.Second) // it takes its time to end
				out(remote.Stdout, []byte("late words of the first\n"))
				return 7, nil
			}
			time.Sleep(10 * time.Second)
			out(remote.Stdout, []byte("words of the second\n"))
			return 0, nil
		}
		id := s.up()[0]
		s.open(id)
		s.enter("first")
		s.wait(time.Second)
		s.press("X")
		s.enter("second")
		s.wait(6 * time.Second)
		s.has("running")
		s.wait(10 * time.Second)
		if got := s.printed(id); got != "words of the second\n" {
			t.Errorf("it has printed %q", got)
		}
		s.has("exit 0")
	})
}

func TestTheTimeOutCanBeChosen(t *testing.T) {
	play(t, func(s *stage) {
		s.ssh.exec = func(ctx context.Context, _ vastapi.InstanceID, _ string, _ func(remote.Stream, []byte)) (int, error) {
			<-ctx.Done()
			return 0, errors.New("The command did not end within 30s and was ended.")
		}
		s.open(s.up()[0])
		for range len(timeouts) - 1 {
			s.press("ctrl+t")
		}
		s.has("time-out 30s")
		s.enter("sleep 100")
		s.wait(31 * time.Second)
		s.has("did not end within 30s")
		if s.ssh.limit != 30*time.Second {
			t.Errorf("the limit was %v", s.ssh.limit)
		}
	})
}

func TestAFailureOfSSHLeadsToTheDoctor(t *testing.T) {
	play(t, func(s *stage) {
		id := s.up()[0]
		s.ssh.exec = func(context.Context, vastapi.InstanceID, string, func(remote.Stream, []byte)) (int, error) {
			return remote.SSHFailed, nil
		}
		s.open(id)
		s.enter("true")
		s.wait(time.Second)
		s.has("ssh failed (255)", "d finds out why")
		s.press("d")
		if to := last[view.Tell](s); to.View != view.Sessions || to.What != (view.Examine{Instance: id}) {
			t.Errorf("told %+v", to)
		}
	})
}

func TestTheAPICanBeChosenWhereSSHReaches(t *testing.T) {
	play(t, func(s *stage) {
		id := s.up()[0]
		s.open(id)
		s.press("ctrl+o")
		s.has("through the API: you chose so")
		s.enter("nvidia-smi")
		s.has("only ls, rm, du run through the API, which you chose: ctrl+o goes back to ssh")
		s.press("ctrl+u")
		s.enter("du -s /workspace")
		s.wait(time.Minute)
		if s.sent() != 1 || len(s.ssh.commands()) != 0 {
			t.Error("it went over ssh")
		}
		s.press("C")
		if c := last[view.Copy](s); c.Text != "vastai execute "+id.String()+" 'du -s /workspace'" {
			t.Errorf("copied %q", c.Text)
		}
	})
}

func TestWhatHasNoWayIsLeftOutWithItsReason(t *testing.T) {
	play(t, func(s *stage) {
		up := s.up()
		s.ssh.refused[up[0]] = "it has no port for ssh"
		s.open(up[:2]...)
		s.enter("nvidia-smi")
		s.agree()
		s.wait(time.Second)
		if got := s.ssh.commands(); len(got) != 1 || !strings.HasPrefix(got[0], up[1].String()) {
			t.Errorf("ran %v", got)
		}
		s.press(".")
		s.has("it has no port for ssh: only ls, rm, du run there")
		s.open(up[0])
		s.enter("nvidia-smi")
		s.has("it has no port for ssh: only ls, rm, du run there")
	})
}

func TestReadOnlyRefusesTheAPI(t *testing.T) {
	play(t, func(s *stage) {
		s.locked = true
		s.open(s.down()[0])
		s.enter("ls /")
		s.has("read-only")
		s.wait(time.Minute)
		if s.sent() != 0 {
			t.Error("it was sent")
		}
	})
}

func TestOutputThatIsLateIsReadAgain(t *testing.T) {
	play(t, func(s *stage) {
		id := s.down()[0]
		s.store.late.Store(true)
		s.open(id)
		s.enter("ls /workspace")
		s.wait(time.Minute)
		s.has("its output has not arrived yet: r reads it again")
		s.store.late.Store(false)
		s.press("r")
		s.wait(30 * time.Second)
		s.has("train.py")
		if s.sent() != 1 {
			t.Error("the command ran twice")
		}
	})
}

func TestTheHistoryComesBackWithTheArrows(t *testing.T) {
	play(t, func(s *stage) {
		s.open(s.up()[0])
		for _, line := range []string{"one", "two", "two", "three"} {
			s.enter(line)
			s.wait(time.Second)
		}
		s.press("e")
		for _, k := range "draft" {
			s.press(string(k))
		}
		want := []string{"three", "two", "one", "one"}
		for _, w := range want {
			if s.press("up"); s.m.line.Value() != w {
				t.Errorf("up shows %q, not %q", s.m.line.Value(), w)
			}
		}
		for _, w := range []string{"two", "three", "draft", "draft"} {
			if s.press("down"); s.m.line.Value() != w {
				t.Errorf("down shows %q, not %q", s.m.line.Value(), w)
			}
		}
	})
}

func TestNothingRunsByAStrayKey(t *testing.T) {
	play(t, func(s *stage) {
		s.open(s.up()...)
		for _, k := range []string{"enter", "enter", "esc", "enter", "e", "enter", "up", "enter", "X", "x", ".", ",", "r", "d", "T", "o", "Y"} {
			s.press(k)
		}
		s.wait(time.Minute)
		if len(s.ssh.commands()) != 0 || s.sent() != 0 {
			t.Errorf("ran %v", s.ssh.commands())
		}
	})
}

func TestLeavingLetsACommandGoOnAndComingBackShowsIt(t *testing.T) {
	play(t, func(s *stage) {
		s.ssh.exec = func(_ context.Context, _ vastapi.InstanceID, _ string, out func(remote.Stream, []byte)) (int, error) {
			time.Sleep(10 * time.Second)
			out(remote.Stdout, []byte("the result\n"))
			return 0, nil
		}
		id := s.up()[0]
		s.open(id)
		s.enter("work")
		s.wait(time.Second)
		s.press("esc")
		last[view.Back](s)
		if got := last[view.Toast](s).Text; !strings.Contains(got, "goes on") {
			t.Errorf("it says %q", got)
		}
		s.grant(s.m.Update(s.env(), view.Hidden{}))
		s.wait(20 * time.Second)
		s.open(id)
		s.has("the result", "exit 0")
		s.open(s.up()[1])
		s.lacks("the result")
	})
}

func TestHostileOutputIsDrawnInert(t *testing.T) {
	play(t, func(s *stage) {
		bad := "\x1b]52;c;cm0gLXJmIC8K\a\n\x1b]0;pwned\a\n\u009b31m\n\u202eRLO\u2066\n\x1b[2J\x1b[H\nevil\rover\n" + strings.Repeat("世", 500) + "\n👩‍👩‍👧‍👦\n"
		s.ssh.exec = func(_ context.Context, _ vastapi.InstanceID, _ string, out func(remote.Stream, []byte)) (int, error) {
			out(remote.Stdout, []byte(bad))
			out(remote.Stderr, []byte(bad))
			return 0, errors.New("it broke: \x1b]0;x\a")
		}
		for _, id := range s.up() {
			s.world.SetInstanceLabel(int64(id), "evil\x1b]0;x\a\u202e\nname")
		}
		s.start(s.set.Loads().LoadInstances())
		s.wait(5 * time.Second)
		s.open(s.up()[:3]...)
		s.enter("print \u202e\x1b]0;x\a evil")
		s.agree()
		s.wait(5 * time.Second)
		for _, k := range []string{"", ".", "w", "t"} {
			if k != "" {
				s.press(k)
			}
			for _, size := range []view.Size{{W: 120, H: 40}, {W: 60, H: 16}, {W: 200, H: 60}} {
				body := s.m.Draw(s.env(), size).Body
				if err := fit.Exact(body, size.W, size.H); err != nil {
					t.Error(err)
				}
				for _, r := range body {
					if r < 0x20 && r != '\n' && r != 0x1b || r >= 0x7f && r < 0xa0 || r == '\u202e' || r == '\u2066' || r == '\u200d' {
						t.Fatalf("%U is drawn after %q", r, k)
					}
				}
				if strings.Contains(body, "\x1b]") || strings.Contains(body, "\x1b[2J") || strings.Contains(body, "\x1b[H") {
					t.Errorf("a sequence of the output reaches the terminal after %q", k)
				}
			}
		}
	})
}

func TestOutputIsCopiedAndSaved(t *testing.T) {
	play(t, func(s *stage) {
		id := s.up()[0]
		s.open(id)
		s.enter("it's here")
		s.wait(time.Second)
		want := "from " + id.String() + ": it's here\n"
		s.press("Y")
		if c := last[view.Copy](s); c.Text != want {
			t.Errorf("copied %q", c.Text)
		}
		s.press("s")
		form := last[view.Ask](s).Form
		save := form.Submit(s.env(), view.Values{"path": "out.txt"}).Intents[0].(view.Save)
		if save.Text() != want || save.Path != "out.txt" || save.Replace {
			t.Errorf("saving is %+v", save)
		}
		s.press("C")
		if c := last[view.Copy](s); !strings.HasPrefix(c.Text, "ssh -p ") || !strings.HasSuffix(c.Text, ` -- 'it'\''s here'`) {
			t.Errorf("copied %q", c.Text)
		}
	})
}

func TestEveryHostKeepsItsShareOfTheRoom(t *testing.T) {
	play(t, func(s *stage) {
		line := strings.Repeat("x", 999) + "\n"
		s.ssh.exec = func(_ context.Context, _ vastapi.InstanceID, _ string, out func(remote.Stream, []byte)) (int, error) {
			for range 20 {
				out(remote.Stdout, []byte(strings.Repeat(line, 1000)))
				time.Sleep(time.Second)
			}
			out(remote.Stdout, []byte("the end\n"))
			return 0, nil
		}
		s.open(s.up()[0])
		s.enter("yes")
		s.wait(time.Minute)
		j := s.m.batch.jobs[0]
		if j.bytes > s.m.batch.share() || j.left == 0 && j.log.Dropped() == 0 {
			t.Errorf("%d bytes are held, %d lines left out", j.bytes, j.left)
		}
		s.has("the end", "exit 0")
	})
}

func TestOutputThatComesAllAtOnceIsTakenInWhole(t *testing.T) {
	play(t, func(s *stage) {
		var all strings.Builder
		for n := range 90_000 {
			fmt.Fprintf(&all, "package-%05d is installed already\n", n)
		}
		s.ssh.exec = func(_ context.Context, _ vastapi.InstanceID, _ string, out func(remote.Stream, []byte)) (int, error) {
			out(remote.Stdout, []byte(all.String()))
			return 0, nil
		}
		s.open(s.up()[0])
		s.enter("pip list")
		s.wait(5 * time.Second)
		s.has("exit 0")
		if got := s.printed(s.up()[0]); got != all.String() {
			t.Errorf("%d bytes of %d are there", len(got), all.Len())
		}
	})
}

func TestFramesAreExactInEveryState(t *testing.T) {
	states := map[string]func(*stage){
		"nothing chosen": func(*stage) {},
		"typing":         func(s *stage) { s.open(s.up()...); s.press("l", "s") },
		"one host":       func(s *stage) { s.open(s.up()[0]); s.enter("ls"); s.wait(time.Second) },
		"gone":           func(s *stage) { s.open(1, 2, 3) },
		"several": func(s *stage) {
			s.open(append(s.up(), s.down()...)...)
			s.enter("ls /")
			s.agree()
			s.wait(time.Minute)
			s.press(".", "/", "x")
		},
		"an error in the line": func(s *stage) { s.open(s.down()[0]); s.enter(strings.Repeat("世", 300)) },
	}
	for name, make := range states {
		t.Run(name, func(t *testing.T) {
			play(t, func(s *stage) {
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
