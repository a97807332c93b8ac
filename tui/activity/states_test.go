package activity

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
)

var errBroken = errors.New("the journal is damaged: look at it")

const (
	loading  = "the journal is still being read"
	nothing  = "nothing was done yet"
	hidden   = "no row is shown: the filter hides them all"
	readOnly = "this run is read-only: start without --read-only to change anything"
	closed   = "the detail is closed: enter opens it"
	elsewise = "only orphans and what a refused rent left behind are destroyed here: press 2 for the instances"
)

// states are the ways in which the view can stand.
var states = map[string]func(*testing.T) *stage{
	"loading": newStage,
	"error before any answer": func(t *testing.T) *stage {
		return newStage(t).answer(command.JournalRead{Answer: command.Answer{Err: errBroken}})
	},
	"empty":    func(t *testing.T) *stage { return newStage(t).read() },
	"done":     func(t *testing.T) *stage { return newStage(t).read(rent(1, noon, yes)) },
	"failed":   func(t *testing.T) *stage { return newStage(t).read(rent(1, noon, no)) },
	"intended": func(t *testing.T) *stage { return newStage(t).read(rent(1, noon)[:1]) },
	"open":     func(t *testing.T) *stage { return newStage(t).read(rent(1, noon)) },
	"open, its detail": func(t *testing.T) *stage {
		s := newStage(t).read(rent(1, noon))
		s.press("enter")
		return s
	},
	"error with old data": func(t *testing.T) *stage {
		return newStage(t).read(rent(1, noon, yes)).answer(command.JournalRead{Answer: command.Answer{Err: errBroken}})
	},
	"orphan": func(t *testing.T) *stage { return newStage(t).read().load(running(1, "x vx-"+token(1))) },
	"orphan, its detail": func(t *testing.T) *stage {
		s := newStage(t).read(rent(1, noon, no)).load(running(1, "x vx-"+token(1)))
		s.on("orphan/1").press("enter")
		return s
	},
	"orphan under way": func(t *testing.T) *stage {
		s := newStage(t).read().load(running(1, "x vx-"+token(1)))
		s.busy = map[vastapi.InstanceID]string{1: "destroy"}
		return s
	},
	"orphan, read-only": func(t *testing.T) *stage {
		s := newStage(t).read().load(running(1, "x vx-"+token(1)))
		s.locked = true
		return s
	},
	"copies": func(t *testing.T) *stage { s := newStage(t).read(rent(1, noon, no)); s.press("y"); return s },
	"failed, read-only": func(t *testing.T) *stage {
		s := newStage(t).read(rent(1, noon, no))
		s.locked = true
		return s
	},
	"target is gone": func(t *testing.T) *stage { return newStage(t).load().read(act(1, "destroy", "p", 11, noon, "", no)) },
	"target under way": func(t *testing.T) *stage {
		s := newStage(t).load(running(11, "a")).read(act(1, "stop", "p", 11, noon, "stopped", no))
		s.busy = map[vastapi.InstanceID]string{11: "destroy"}
		return s
	},
	"unknown verb": func(t *testing.T) *stage {
		return newStage(t).load(running(11, "a")).read(act(1, "juggle", "p", 11, noon, "", no))
	},
	"event": func(t *testing.T) *stage {
		return newStage(t).read().notice(feed.Event{At: noon, Kind: "watch", Text: "machine 7 is back", Machine: 7, Query: "4090", Instance: 3, Level: feed.EventGood})
	},
	"event, its detail": func(t *testing.T) *stage {
		s := newStage(t).read().notice(feed.Event{At: noon, Kind: "watch", Text: "machine 7 is back", Machine: 7, Query: "4090", Instance: 3, Level: feed.EventBad})
		s.press("enter")
		return s
	},
	"filtered away": func(t *testing.T) *stage {
		s := newStage(t).read(rent(1, noon, yes))
		s.press("/")
		s.text("nothing is called so")
		s.press("enter")
		return s
	},
	"typing": func(t *testing.T) *stage {
		s := newStage(t).read(rent(1, noon, yes))
		s.press("/")
		s.text("rent")
		return s
	},
	"texts as others choose them": func(t *testing.T) *stage {
		evil := strings.Repeat("x", 600) + "\u001b[2J\u202e世界👩‍👩‍👧"
		lines := rent(1, noon, no)
		lines[0] = strings.NewReplacer("pytorch/pytorch", `\u001b[2J世界👩‍👩‍👧`+strings.Repeat("y", 900), "train", `e\u0301\u0301\u202e\n`).Replace(lines[0])
		s := newStage(t).read(lines).load(running(1, evil+" vx-"+token(2)))
		s.notice(feed.Event{At: noon, Kind: evil, Text: evil, Query: evil, Level: feed.EventLevel(7)})
		s.press("enter", "down")
		return s
	},
}

func TestFramesAreExactInEveryState(t *testing.T) {
	t.Parallel()
	for name, make := range states {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := make(t)
			for size := range solo.Sizes(101) {
				if c := solo.Frame(t, s.m, s.env(), size).Cursor; c != nil && c.Y != 0 {
					t.Fatalf("%dx%d: the text cursor stands in line %d", size.W, size.H, c.Y)
				}
			}
		})
	}
}

const unsent = "nothing was sent for this row: the server's log has no line of it"

func TestEveryActionSaysWhyItCannotBeDone(t *testing.T) {
	t.Parallel()
	all := func(why string) map[string]string {
		return map[string]string{"enter": why, "r": why, "D": why, "y": why, "C": why, "a": why}
	}
	for state, want := range map[string]map[string]string{
		"loading":                 all(loading),
		"error before any answer": all(loading),
		"empty":                   all(nothing),
		"filtered away":           all(hidden),
		"done":                    {"r": "it was done: there is nothing to try again", "D": elsewise},
		"error with old data":     {"r": "it was done: there is nothing to try again", "D": elsewise},
		"failed":                  {"D": elsewise},
		"intended":                {"a": unsent, "D": elsewise},
		"failed, read-only":       {"r": readOnly, "D": elsewise},
		"open":                    {"r": "it is not known yet what became of it: wait until it is", "D": elsewise},
		"orphan":                  {"a": unsent, "r": "an orphan is nothing that failed: D destroys it"},
		"orphan, read-only":       {"a": unsent, "r": "an orphan is nothing that failed: D destroys it", "D": readOnly},
		"orphan under way":        {"a": unsent, "r": "an orphan is nothing that failed: D destroys it", "D": "a destroy of 1 is under way: W shows it"},
		"target is gone":          {"a": unsent, "r": "instance 11 is gone: there is nothing left to destroy", "D": elsewise},
		"target under way":        {"a": unsent, "r": "a destroy of 11 is under way: W shows it", "D": elsewise},
		"unknown verb":            {"a": unsent, "r": "a juggle cannot be tried again from here: press 2 for the instances", "D": elsewise, "C": "the journal does not keep what was asked for"},
		"event":                   {"r": "an event is nothing that could be tried again", "D": elsewise, "a": unsent, "C": "an event is no request: there is nothing to copy"},
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			s := states[state](t)
			for _, key := range []string{"enter", "r", "D", "a", "y", "C", "/", "o", "O", "{", "}", "esc"} {
				why := want[key]
				if strings.Contains("{}", key) {
					why = closed
				}
				if got := s.reason(key); got != why {
					t.Errorf("%s: %q, want %q", key, got, why)
				}
			}
			if n := len(s.m.Actions(s.env())); n != 12 {
				t.Errorf("there are %d actions; this table speaks of 12", n)
			}
		})
	}
}

func TestEachStateSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for state, want := range map[string][]string{
		"loading":                 {"reading the journal…"},
		"error before any answer": {errBroken.Error(), "Nothing can be rented or started until that is mended."},
		"error with old data":     {errBroken.Error(), "● confirmed"},
		"empty":                   {"Nothing was done with this account from this machine yet."},
		"filtered away":           {"0 of 1 shown"},
		"typing":                  {"/rent"},
		"intended":                {"○ not sent"},
		"open":                    {"▲ sent", "1 open"},
		"orphan":                  {"✗ orphan", "instance 1", "1 orphan is billed: D destroys it", "It carries the mark of a rental", "+$0.820/h"},
		"orphan, its detail":      {"Orphan: instance 1", "refused, and yet it is there", "its rental"},
		"event, its detail":       {"Noticed: watch", "machine 7 is back", "4090", "alert"},
	} {
		t.Run(state, func(t *testing.T) {
			t.Parallel()
			s := states[state](t)
			s.has(want...)
			s.lacks("NaN", "\x1b")
		})
	}
}

func TestEscClosesTheDetailThenTheFilter(t *testing.T) {
	t.Parallel()
	s := newStage(t).read(rent(1, noon, yes))
	s.press("/")
	s.text("rent")
	s.press("enter", "enter")
	for _, gone := range []string{"Operation: rent", "/rent"} {
		s.has(gone)
		s.press("esc")
		s.lacks(gone)
	}
	before := s.plain()
	if e := s.press("esc"); len(e.Intents) != 0 || s.plain() != before {
		t.Error("esc with nothing to close does something")
	}
}

func TestDetailScrolls(t *testing.T) {
	t.Parallel()
	s := newStage(t).read(rent(1, noon, silence, yes))
	s.size = view.Size{W: 200, H: 10}
	s.press("enter")
	s.has("} scrolls")
	top := s.plain()
	for range 20 {
		s.press("}")
	}
	s.has("{ scrolls back", "the server said yes")
	for range 20 {
		s.press("{")
	}
	if s.plain() != top {
		t.Error("{ does not lead back to the beginning")
	}
}

func TestMarksAreNotUsed(t *testing.T) {
	t.Parallel()
	s := newStage(t).read(rent(1, noon, yes), rent(2, noon, no))
	s.press("space", "*", "v", "i")
	if n := len(s.m.table.Marked()); n != 0 {
		t.Errorf("%d rows are marked", n)
	}
}

func TestNewestOperationsAreListedWhenThereAreMany(t *testing.T) {
	t.Parallel()
	const most = 500
	var parts [][]string
	for n := range most + 10 {
		parts = append(parts, rent(n, noon.Add(time.Duration(n)*time.Minute), no))
	}
	s := newStage(t).read(parts...)
	if got := s.m.table.Total(); got != most {
		t.Errorf("%d are listed", got)
	}
	s.has("the newest 500 of 510 operations")
	s.on("op/op-509")
	if s.m.table.Select("op/op-9") {
		t.Error("an old one is listed in place of a new one")
	}
}
