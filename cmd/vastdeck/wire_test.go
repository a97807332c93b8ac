package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync/atomic"
	"testing"

	"vastdeck/store"
	"vastdeck/vastapi"
)

// A key that is typed later is no second budget: the server counts by address too.
func TestAllKeysOfARunWaitTheirTurnTogether(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = w.Write([]byte(`{"offers":[]}`))
	}))
	defer server.Close()
	home := t.TempDir()
	a := &app{opt: options{url: server.URL, profile: "default"}, getenv: func(name string) string {
		return map[string]string{
			"HOME": home, "XDG_CONFIG_HOME": filepath.Join(home, "config"), "XDG_STATE_HOME": filepath.Join(home, "state"),
		}[name]
	}}
	s, err := a.session()
	if err != nil {
		t.Fatal(err)
	}
	defer s.close()
	search := func(text string) (waits bool) {
		key, err := store.ParseKey(text)
		if err != nil {
			t.Fatal(err)
		}
		c, err := s.client(key)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		ctx = vastapi.WithProgress(ctx, func(p vastapi.Progress) {
			if p.Stage == vastapi.StageWaiting {
				waits = true
				cancel()
			}
		})
		if _, err = c.SearchOffers(ctx, vastapi.OfferSearch{}); err != nil && !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		return waits
	}
	if search("0123456789abcdef0123456789abcdef") {
		t.Error("the first search waits")
	}
	if !search("fedcba9876543210fedcba9876543210") {
		t.Error("with another key the next search does not wait")
	}
	if n := asked.Load(); n != 1 {
		t.Errorf("%d searches were made", n)
	}
}
