package instances

import (
	"strings"
	"testing"

	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi/safetext"
)

func TestTheCopyMenuOfAnInstanceHasALetterForEachLine(t *testing.T) {
	t.Parallel()
	got := solo.Copies(t, func() (view.View, func() view.Env) {
		s := newStage(t).load(reachableOne())
		return s.m, s.env
	})
	for letter, want := range map[string]string{
		"i": "18820341", "n": "worker-a", "a": "52.0.2.17", "d": "ssh -p 33022 root@52.0.2.17", "p": "ssh -p 41022 root@ssh4.vast.ai",
		"s": "scp -P 33022 FILE root@52.0.2.17:/workspace/", "m": "18820441", "v": "vastai show instance 18820341", "o": "vastai copy C.18820341:/workspace/ local:./18820341/", "c": "/api/v0/instances/18820341/?owner=me'",
		"r": "18820341 · worker-a · ", "t": "18820341\tworker-a\t", "J": "\"id\": 18820341,",
	} {
		if !strings.Contains(got[letter].Text, want) {
			t.Errorf("%s copies %q, want %q", letter, got[letter].Text, want)
		}
	}
}

func TestMarkedInstancesAreCopiedTogether(t *testing.T) {
	t.Parallel()
	open := func() (view.View, func() view.Env) {
		second := reachableOne()
		second.ID, second.Label = 18820342, safetext.New("a\x1b]52;c;aGk=\x07\u202e\nb")
		s := newStage(t).load(reachableOne(), second, running(7, "other"))
		s.press("*")
		return s.m, s.env
	}
	got := solo.Copies(t, open)
	for letter, lines := range map[string]int{"i": 3, "n": 3, "d": 2, "v": 3, "t": 4, "r": 3} {
		if n := strings.Count(strings.TrimSpace(got[letter].Text), "\n") + 1; n != lines {
			t.Errorf("%s copies %d lines, want %d: %q", letter, n, lines, got[letter].Text)
		}
	}
	if !strings.Contains(got["i"].Text, "18820341") || !strings.HasPrefix(got["J"].Text, "[\n  {") {
		t.Errorf("copied are %+v", got)
	}
	v, env := open()
	solo.Key(v, env(), "y")
	solo.Has(t, solo.Plain(v, env(), env().Size), "Copy of 3 instances")
}

func TestAnInstanceThatGoesWhileItsMenuIsOpenIsNotCopied(t *testing.T) {
	t.Parallel()
	s := newStage(t).load(reachableOne(), running(7, "other"))
	s.m.table.Select(18820341)
	s.press("y")
	s.has("Copy of instance 18820341")
	s.load(running(7, "other"))
	s.has("the instance is gone")
	if e := s.press("i"); len(e.Intents) > 0 {
		t.Errorf("it is copied: %+v", e)
	}
}
