package volumes

import (
	"strings"
	"testing"

	"vastdeck/tui/tuitest/solo"
	"vastdeck/tui/view"
	"vastdeck/vastapi/safetext"
)

func TestTheCopyMenuOfAVolumeHasALetterForEachLine(t *testing.T) {
	t.Parallel()
	got := solo.Copies(t, func() (view.View, func() view.Env) {
		s := newStage(t).load(volume(881, "models", 50))
		return s.m, s.env
	})
	for letter, want := range map[string]string{
		"f": "-v V.881:/data", "i": "881", "w": "V.881", "v": "vastai create instance OFFER --env '-v V.881:/data'", "m": "1881", "n": "models",
		"h": "-v V.881:/data\nrent on machine 1881", "s": "vastai show volumes", "c": "/api/v0/volumes/?owner=me", "J": "\"id\": 881,", "t": "881\tmodels\t", "r": "881 · models",
	} {
		if !strings.Contains(got[letter].Text, want) {
			t.Errorf("%s copies %q, want %q", letter, got[letter].Text, want)
		}
	}
	if _, there := got["a"]; there {
		t.Errorf("what holds it is copied, and nothing does: %q", got["a"].Text)
	}
}

func TestMarkedVolumesAreCopiedTogether(t *testing.T) {
	t.Parallel()
	got := solo.Copies(t, func() (view.View, func() view.Env) {
		evil, net := volume(882, "x", 20), volume(883, "net", 100)
		evil.Name = safetext.New("a\x1b[2J\u202e\nb")
		net.Kind, net.MachineID = safetext.New("network_volume"), 0
		s := newStage(t).load(volume(881, "models", 50), evil, net)
		s.press("*")
		return s.m, s.env
	})
	for letter, lines := range map[string]int{"i": 3, "f": 2, "m": 2, "t": 4, "r": 3, "s": 1} {
		if n := strings.Count(strings.TrimSpace(got[letter].Text), "\n") + 1; n != lines {
			t.Errorf("%s copies %d lines, want %d: %q", letter, n, lines, got[letter].Text)
		}
	}
	if f := got["f"].Text; !strings.Contains(f, "-v V.881:/data/881") || strings.Contains(f, "883") {
		t.Errorf("f copies %q", f)
	}
}

func TestANetworkVolumeHasNoMountFlag(t *testing.T) {
	t.Parallel()
	net := volume(883, "net", 100)
	net.Kind, net.MachineID = safetext.New("network_volume"), 0
	s := newStage(t).load(net)
	s.press("y")
	s.has("is not published")
	for _, letter := range []string{"f", "v", "h"} {
		if got := s.reason(letter); got != unlinked {
			t.Errorf("%s: %q", letter, got)
		}
	}
}

func TestAPlaceIsCopiedOverItsPage(t *testing.T) {
	t.Parallel()
	open := func(key string) map[string]view.Copy {
		return solo.Copies(t, func() (view.View, func() view.Env) {
			s := full(t).openPlaces(key)
			return s.m, s.env
		})
	}
	got := open("n")
	id := got["o"].Text
	for letter, want := range map[string]string{
		"v": "vastai create volume " + id + " -s ", "c": "curl -X PUT https://console.vast.ai/api/v0/volumes/", "f": "vastai search volumes", "J": "\"id\": " + id, "r": "offer " + id,
	} {
		if !strings.Contains(got[letter].Text, want) {
			t.Errorf("%s copies %q, want %q", letter, got[letter].Text, want)
		}
	}
	if got := open("K"); !strings.Contains(got["v"].Text, "vastai clone volume ") {
		t.Errorf("a copy is copied as %q", got["v"].Text)
	}
}
