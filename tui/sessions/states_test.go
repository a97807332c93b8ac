package sessions

import (
	"errors"
	"strings"
	"testing"
	"time"

	"vastdeck/tui/command"
	"vastdeck/tui/feed"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

var errBroken = errors.New("the runtime folder cannot be read: look at its rights")

// evil is text as others would choose it.
var evil = "\u001b[2J\u202e世界👩‍👩‍👧\ne\u0301\u0301\u0301" + strings.Repeat("x", 600)

func under(id vastapi.InstanceID, up bool) feed.Copy {
	return feed.Copy{
		ID: 1, Instance: id, Started: noon, Plan: remote.CopyJob{Instance: id, Up: up, Local: "/home/u/data/train.parquet", Remote: "/workspace/train.parquet"},
		Progress: remote.CopyProgress{Tool: "rsync", Done: 450_000_000, Total: 1_000_000_000, Rate: 12_000_000, Left: 46 * time.Second, Files: 3, Current: "shard-3"},
	}
}

// states are the ways in which the view can stand.
var states = map[string]func(*testing.T) *stage{
	"not looked yet": func(t *testing.T) *stage { return newStage(t) },
	"without ssh": func(t *testing.T) *stage {
		s := newStage(t)
		s.set = command.New(t.Context(), command.Config{})
		s.tell(view.Shown{})
		return s.load(running(1, "train"))
	},
	"error": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.tell(command.RemoteLooked{Answer: command.Answer{At: noon, Err: errBroken}})
		return s
	},
	"empty": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.open(nil)
		return s
	},
	"empty, nothing rented": func(t *testing.T) *stage {
		s := newStage(t).load()
		s.open(nil)
		return s
	},
	"open": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"), running(2, "eval"))
		s.open([]remote.Session{session(1), session(2)}, tunnelTo(1, "train", 8888, remote.TunnelUp), tunnelTo(2, "eval", 6006, remote.TunnelOpening))
		return s
	},
	"error with old data": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.open([]remote.Session{session(1)})
		s.tell(command.RemoteLooked{Answer: command.Answer{At: noon, Err: errBroken}})
		return s
	},
	"troubles": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		waiting, failed := tunnelTo(1, "train", 8888, remote.TunnelWaiting), tunnelTo(1, "train", 6006, remote.TunnelFailed)
		waiting.Why, waiting.Tries, waiting.Next = "It does not answer.", 3, noon.Add(time.Minute)
		failed.Why = "It takes none of the keys of this machine."
		s.open([]remote.Session{session(9)}, waiting, failed)
		return s
	},
	"saved": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"), running(2, "twin"), running(3, "twin"))
		s.remember(tunnelTo(0, "train", 8888, 0).Forward, tunnelTo(0, "gone", 6006, 0).Forward, tunnelTo(0, "twin", 7860, 0).Forward)
		s.open(nil)
		return s
	},
	"copy under way": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.open(nil)
		s.copying(under(1, true))
		return s
	},
	"copies that ended": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.open(nil)
		good, bad := under(1, false), under(1, true)
		good.Ended, good.Progress.Done = noon.Add(2*time.Minute), 1_000_000_000
		bad.ID, bad.Ended, bad.Err = 2, noon.Add(time.Minute), errors.New("the disk is full")
		s.copying(good)
		s.copying(bad)
		return s
	},
	"copy of unknown size": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		c := under(1, true)
		c.Progress = remote.CopyProgress{Done: 5000}
		s.open(nil)
		s.copying(c)
		return s
	},
	"marked": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.open([]remote.Session{session(1)}, tunnelTo(1, "train", 8888, remote.TunnelUp))
		s.press("*")
		return s
	},
	"detail of a connection": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.open([]remote.Session{session(1)})
		s.press("t")
		return s
	},
	"detail of a tunnel": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		f := tunnelTo(1, "train", 8888, remote.TunnelWaiting)
		f.Bind, f.Keep, f.Tries, f.Next = "0.0.0.0", true, 2, noon
		s.open(nil, f)
		s.press("t")
		return s
	},
	"detail of a saved tunnel": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.remember(tunnelTo(0, "gone", 6006, 0).Forward)
		s.open(nil)
		s.press("t")
		return s
	},
	"detail of a copy": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.open(nil)
		s.copying(under(1, false))
		s.press("t")
		return s
	},
	"filtered away": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.open([]remote.Session{session(1)})
		s.press("/")
		s.text("nothing is called so")
		s.press("enter")
		return s
	},
	"typing": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.open([]remote.Session{session(1)})
		s.press("/")
		s.text("train")
		return s
	},
	"choosing an instance": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"), stopped(2, "eval"))
		s.open(nil)
		s.press("f")
		return s
	},
	"choosing where there is none": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.open(nil)
		s.press("f")
		return s.load()
	},
	"copy menu": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.open(nil, tunnelTo(1, "train", 8888, remote.TunnelUp))
		s.press("y")
		return s
	},
	"keys, loading": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.press("K")
		return s
	},
	"keys, error": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.press("K")
		s.tell(command.SSHKeysRead{Answer: command.Answer{At: noon, Err: errBroken}})
		return s
	},
	"keys, none": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.press("K")
		return s.keys(nil)
	},
	"keys": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train")).keys([]vastapi.SSHKey{accountKey(5, keyHere)}, localKey("/home/u/.ssh/id_ed25519.pub", keyHere), localKey("/home/u/.ssh/other.pub", keyThere))
		s.press("K")
		return s
	},
	"examined, at the beginning": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.tell(view.Examine{Instance: 1})
		return s
	},
	"examined, key refused": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.ssh.checks = checks(remote.StepAuth, remote.Fix{Remedy: remote.RemedyAttachKey, Text: "Attach a key of this machine.", Key: localKey("/k.pub", keyHere)})
		s.run(s.tell(view.Examine{Instance: 1}))
		return s
	},
	"examined, host key": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.ssh.checks = checks(remote.StepHostKey, remote.Fix{Remedy: remote.RemedyForgetHostKey, Text: "Forget it if you know why."})
		s.run(s.tell(view.Examine{Instance: 1}))
		return s
	},
	"host key alarm": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, "train"))
		s.open(nil)
		s.ssh.err = &remote.Failure{Kind: remote.FailHostKey, Sentence: "Its host key is another one than before."}
		s.run(s.tell(view.Connect{Instance: 1}))
		return s
	},
	"texts as others choose them": func(t *testing.T) *stage {
		i := running(1, evil)
		i.GPUName, i.Status = safetext.New(evil), safetext.New(evil)
		f := tunnelTo(1, evil, 8888, remote.TunnelWaiting)
		f.Why, f.Host, f.Bind = evil, evil, evil
		s := newStage(t).load(i)
		c := under(1, true)
		c.Plan.Local, c.Plan.Remote, c.Progress.Current, c.Progress.Tool = evil, evil, evil, evil
		c.Ended, c.Err = noon, errors.New(evil)
		s.open(nil, f)
		s.copying(c)
		s.remember(tunnelTo(0, evil, 6006, 0).Forward)
		s.press("t", "down")
		return s
	},
	"keys as others choose them": func(t *testing.T) *stage {
		k := vastapi.SSHKey{ID: 3, Public: safetext.New("ssh-rsa " + evil), Type: evil, Comment: safetext.New(evil)}
		d := remote.LocalKey{Path: evil, Type: evil, Fingerprint: evil, Comment: evil, Public: evil}
		s := newStage(t).load(running(1, evil)).keys([]vastapi.SSHKey{k, k}, d)
		s.press("K")
		return s
	},
	"examined, texts of others": func(t *testing.T) *stage {
		s := newStage(t).load(running(1, evil))
		list := checks(remote.StepShell, remote.Fix{Text: evil})
		for n := range list {
			list[n].Text = evil
		}
		s.ssh.checks = list
		s.run(s.tell(view.Examine{Instance: 1}))
		return s
	},
}

// checks are the steps of an examination up to the one that fails.
func checks(last remote.Step, fix remote.Fix) []remote.Check {
	var list []remote.Check
	for step := remote.StepStatus; step <= remote.StepShell; step++ {
		c := remote.Check{Step: step, Text: "It is as it should be.", Took: 120 * time.Millisecond}
		switch {
		case step == last:
			c.State, c.Text, c.Fix = remote.CheckFailed, "It is not.", fix
		case step > last:
			c.State, c.Text = remote.CheckSkipped, ""
		}
		list = append(list, c)
	}
	return list
}

func TestFramesAreExactInEveryState(t *testing.T) {
	t.Parallel()
	for name, make := range states {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := make(t)
			for size := range solo.Sizes(211) {
				if c := solo.Frame(t, s.m, s.env(), size).Cursor; c != nil && c.Y != 0 {
					t.Fatalf("%dx%d: the text cursor stands in line %d", size.W, size.H, c.Y)
				}
			}
		})
	}
}

func TestEachStateSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for state, want := range map[string][]string{
		"not looked yet":               {"looking at what is open…"},
		"without ssh":                  {"Ssh cannot be used in this run. Connections, tunnels and copies need OpenSSH"},
		"error":                        {errBroken.Error(), "ctrl+r looks now"},
		"error with old data":          {errBroken.Error(), "● open"},
		"empty":                        {"Nothing is open to any instance.", "enter opens a shell", "f forwards a port", "K shows the ssh keys"},
		"empty, nothing rented":        {"press 1 for the market"},
		"open":                         {"2 connections · 1 tunnel up · 1 tunnel opening", "connection", "127.0.0.1:8888", "→ localhost:8888", "proxy", "direct", "train", "eval"},
		"troubles":                     {"▲ reconnecting", "✗ failed", "It does not answer. It is tried again at", "after 3 tries", "▲ left over", "takes none of the keys"},
		"saved":                        {"○ not open", "saved tunnel", "enter opens it, x forgets it", "no instance has this name now", "2 instances have this name"},
		"copy under way":               {"◐ 45%", "upload", "█████░░░░░░░", "450 MB of 1.0 GB", "12.0 MB/s", "46s left", "3 files", "1 copy under way at 12.0 MB/s"},
		"copies that ended":            {"● copied", "✗ failed", "download", "← /workspace/train.parquet", "the disk is full", "3 files, 1.0 GB in 2m"},
		"copy of unknown size":         {"◐ 5.0 kB", "5.0 kB of an unknown size"},
		"marked":                       {"2 rows marked"},
		"detail of a connection":       {"Connection to instance 1", "direct 93.184.216.34:41022", "4242", "auto: direct when it answers within 2s"},
		"detail of a tunnel":           {"Tunnel from 0.0.0.0:8888", "everybody who can reach 0.0.0.0", "goes on after the program", "(Jupyter)"},
		"detail of a saved tunnel":     {"Saved tunnel from 127.0.0.1:6006", "no instance is called \"gone\" now", "(TensorBoard)"},
		"detail of a copy":             {"Download from instance 1", "450 MB of 1.0 GB", "under $0.01"},
		"filtered away":                {"No row has all these words", "0 of 1 shown"},
		"typing":                       {"/train"},
		"choosing an instance":         {"Forward a port of", "▸ train (1)", "not now: it is stopped: start it with S in the instances (2)"},
		"choosing where there is none": {"there is no instance: rent one in the market (1)"},
		"copy menu":                    {"http://127.0.0.1:8888", "ssh -p 41022 root@93.184.216.34 -N -L 127.0.0.1:8888:localhost:8888", "vastai ssh-url 1"},
		"keys, loading":                {"loading the keys of the account…"},
		"keys, error":                  {errBroken.Error()},
		"keys, none":                   {"Neither the account nor this machine has an ssh key", "G makes a pair"},
		"keys":                         {"● account and here", "▲ here only", "SHA256:", "here@laptop", "other@desk", "2026-03-01", "on this disk with its private half"},
		"examined, at the beginning":   {"◐ looking: does the instance run?", "○ not yet: is there an address"},
		"examined, key refused":        {"● good: It is as it should be. (0.1 s)", "✗ failed: It is not.", "→ Attach a key of this machine.", "it ends at the step key; enter: attach my key", "○ skipped"},
		"examined, host key":           {"THE HOST KEY HAS CHANGED", "somebody stands between you and it", "forget the old host key"},
		"host key alarm":               {"Another machine answers for train (1)", "THE HOST KEY HAS CHANGED", "esc leaves everything as it is"},
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			s := states[state](t)
			s.size = view.Size{W: 220, H: 30}
			s.has(want...)
			s.lacks("NaN", "\x1b", "%!")
		})
	}
}

func TestTextsFromOutsideAreInert(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"texts as others choose them", "keys as others choose them", "examined, texts of others"} {
		s := states[state](t)
		s.lacks("\x1b", "\u202e", "NaN")
		s.press("enter", "y")
		s.lacks("\x1b", "\u202e")
	}
}

func TestEveryActionSaysWhyItCannotBeDone(t *testing.T) {
	t.Parallel()
	const (
		nothing    = "nothing is open: enter opens a shell, f forwards a port"
		loading    = "the instances are still being loaded"
		noneHere   = "there is no instance: rent one in the market (1)"
		hidden     = "no row is shown: the filter hides them all"
		closed     = "the detail is closed: t opens it"
		withoutSSH = "ssh cannot be used in this run"
		waits      = "no instance has this name now: it waits for one, or x forgets it"
	)
	for state, want := range map[string]map[string]string{
		"without ssh": {"enter": withoutSSH, "s": withoutSSH, "f": withoutSSH, "p": withoutSSH, "d": withoutSSH, "w": withoutSSH, "H": withoutSSH, "I": withoutSSH,
			"x": nothing, "b": nothing, "y": nothing, "C": nothing, "t": nothing},
		"not looked yet": {"enter": loading, "s": loading, "f": loading, "p": loading, "d": loading, "w": loading, "a": loading, "x": nothing, "b": nothing, "H": nothing, "y": nothing, "C": nothing, "t": nothing},
		"empty":          {"x": nothing, "b": nothing, "w": nothing, "H": nothing, "y": nothing, "C": nothing, "t": nothing},
		"empty, nothing rented": {"enter": noneHere, "s": noneHere, "f": noneHere, "p": noneHere, "d": noneHere, "w": noneHere, "a": noneHere,
			"x": nothing, "b": nothing, "H": nothing, "y": nothing, "C": nothing, "t": nothing},
		"filtered away": {"x": hidden, "b": hidden, "w": hidden, "H": hidden, "y": hidden, "C": hidden, "t": hidden},
		"detail of a saved tunnel": {"enter": waits, "w": waits, "H": waits, "C": waits, "b": "only an open tunnel can be remembered or forgotten by this key",
			"{": "", "}": ""},
		"detail of a tunnel": {"{": "", "}": ""},
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			s := states[state](t)
			for _, key := range []string{"enter", "s", "f", "x", "p", "K", "d", "w", "b", "a", "H", "I", "y", "C", "t", "/", "o", "O", "{", "}", "esc"} {
				why, named := want[key]
				if strings.Contains("{}", key) && !named {
					why = closed
				}
				if got := s.reason(key); got != why {
					t.Errorf("%s: %q, want %q", key, got, why)
				}
			}
			if n := len(s.m.Actions(s.env())); n != 21 {
				t.Errorf("there are %d actions; this table speaks of 21", n)
			}
		})
	}
}

func TestSmallListStillTellsInstancesKeysAndFilesApart(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(running(1, "llama-finetune"))
	s.size = view.Size{W: 80, H: 20}
	c := under(1, true)
	c.Plan.Local, c.Plan.Remote = "/home/anna/projects/llama/data/train.jsonl", "/workspace/llama/data"
	s.open([]remote.Session{session(1)})
	s.copying(c)
	s.has("llama-finetune", "…/train.jsonl", "→ …/llama/data")

	s.keys([]vastapi.SSHKey{accountKey(5, keyHere)}, localKey("/home/u/.ssh/id_ed25519.pub", keyHere), localKey("/home/u/.ssh/other.pub", keyThere))
	s.press("K")
	s.has("● account and here", "…/id_ed2551…", "…/other.pub")
	s.size.W = 140
	s.press("j")
	s.has("SHA256:rA9jZ5l/w3EjGeyfEX3zPN1d5/YPl53F15MEczmQdlQ ", "it, a lets it into instances that run · /home/u/.ssh/other.pub")
}

func TestListToChooseFromBeginsWhereSomethingCanBeChosen(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(stopped(1, "eval"), running(2, "train"), stopped(3, "rest"))
	s.open(nil)
	s.press("s")
	s.has("▸ train (2)")
	s.press("up")
	s.has("▸ eval (1)")

	s = newStage(t).load(stopped(1, "eval"))
	s.open(nil)
	s.press("s")
	s.has("▸ eval (1)")
}

func TestReadOnlyRunChangesNoKeys(t *testing.T) {
	t.Parallel()
	const readOnly = "this run is read-only: start without --read-only to change anything"
	s := states["keys"](t)
	s.locked = true
	for _, key := range []string{"n", "a", "d", "D"} {
		if got := s.reason(key); got != readOnly {
			t.Errorf("%s: %q", key, got)
		}
	}
	if got := s.reason("G"); got != "" {
		t.Errorf("a key on this machine cannot be made: %s", got)
	}
	toast(t, s.tell(view.AttachKey{Instances: []vastapi.InstanceID{1}}), readOnly)
}

func TestEveryActionHasALabelAndAGroup(t *testing.T) {
	t.Parallel()
	for name, make := range states {
		s := make(t)
		seen := map[string]bool{}
		for _, a := range s.m.Actions(s.env()) {
			if a.Key.Help().Desc == "" || a.Group == "" || a.Do == nil {
				t.Errorf("%s: %+v", name, a.Key.Help())
			}
			for _, k := range a.Key.Keys() {
				if seen[k] {
					t.Errorf("%s: %s does two things", name, k)
				}
				seen[k] = true
			}
		}
	}
}
