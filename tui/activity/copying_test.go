package activity

import (
	"strings"
	"testing"

	"vastdeck/tui/feed"
	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
)

func TestTheCopyMenuOfAnOperationHasALetterForEachLine(t *testing.T) {
	t.Parallel()
	open := func(key string) map[string]view.Copy {
		return solo.Copies(t, func() (view.View, func() view.Env) {
			s := newStage(t).load(running(1, "lost vx-"+token(5)))
			s.read(rent(1, noon, yes), act(2, "destroy", "p", 11, noon, "", no))
			s.notice(feed.Event{At: noon, Kind: "watch", Text: "\x1b[2Jseen\u202e", Query: "4090", Level: feed.EventGood})
			s.on(key)
			return s.m, s.env
		})
	}
	for key, lines := range map[string]map[string]string{
		"op/op-1":  {"s": "UTC · rent · instance ", "v": "vastai create instance 701", "c": "curl -X PUT https://console.vast.ai/api/v0/asks/701/", "o": "701", "d": "op-1", "J": "\"verb\": \"rent\""},
		"op/op-2":  {"s": "destroy · instance 11", "i": "11", "v": "vastai destroy instance 11", "c": "-X DELETE", "p": "p", "J": "\"moments\": [{"},
		"orphan/1": {"s": "orphan · instance 1", "i": "1", "v": "vastai destroy instance 1", "c": "/instances/1/", "J": "\"orphan\""},
	} {
		got := open(key)
		for letter, want := range lines {
			if !strings.Contains(got[letter].Text, want) {
				t.Errorf("%s: %s copies %q, want %q", key, letter, got[letter].Text, want)
			}
		}
		if text := got["c"].Text; strings.Contains(text, "Bearer") && !strings.Contains(text, "Bearer $VAST_API_KEY") {
			t.Errorf("%s: c copies %q", key, text)
		}
	}
}

func TestAnEventIsCopiedAsWhatItIs(t *testing.T) {
	t.Parallel()
	stage := func() *stage {
		s := newStage(t).read(nil)
		s.notice(feed.Event{At: noon, Kind: "watch", Text: "\x1b[2Jseen\u202e", Query: "4090", Level: feed.EventGood})
		s.press("down")
		return s
	}
	got := solo.Copies(t, func() (view.View, func() view.Env) { s := stage(); return s.m, s.env })
	if !strings.Contains(got["s"].Text, "watch") || got["f"].Text != "4090" || !strings.Contains(got["J"].Text, "\"search\": \"4090\"") {
		t.Errorf("copied are %+v", got)
	}
	s := stage()
	s.press("y")
	if why := s.reason("i"); why != "it is about no instance" {
		t.Errorf("i says %q", why)
	}
}

func TestKeysThatMoveInTheListDoNotWhileTheMenuIsOpen(t *testing.T) {
	t.Parallel()
	s := newStage(t).read(rent(1, noon, yes), act(2, "destroy", "p", 11, noon, "", no))
	before, _ := s.m.table.CursorKey()
	s.press("y", "down", "G", "pgdown", "end", "esc")
	if now, _ := s.m.table.CursorKey(); now != before {
		t.Errorf("the cursor went from %s to %s", before, now)
	}
}
