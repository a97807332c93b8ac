package main

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"vastdeck/store"
	"vastdeck/tui/feed"
	"vastdeck/vastapi"
)

func fullMemory() feed.Memory {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return feed.Memory{
		LastView: 7,
		Tables: map[string]feed.TableState{"market": {Columns: []string{"gpu", "dph"}, Sort: "dph", Desc: true}, "instances": {
			Columns: []string{"id"}, Widths: map[string]int{"id": 12}, Sort: "id", Desc: true, Query: "worker util<5",
		}},
		Left:     map[string]feed.Left{"market bid": {Account: "77", At: at, Marks: []string{"7 2 9 0.31 10 alone", "8 1 10 0.2 10"}, Cursor: "7 2 9 0.31 10 alone"}},
		Searches: []feed.SavedSearch{{Name: "cheap", Query: "4090 dph<0.3", Kind: vastapi.Interruptible, Sort: "score", Desc: true}},
		Blocks:   []feed.Block{{Machine: 7, Reason: "slow disk", Since: at}, {Host: 42, Since: at, Until: at.Add(time.Hour)}},
		Notes:    map[string]string{"host 42": "never answers"},
		Watches:  []feed.Watch{{Name: "mine", Machine: 7, Added: at}, {Query: "H100", Kind: vastapi.OnDemand, Added: at}},
		Workload: feed.Workload{Disk: 40, Hours: 12.5, In: 5, Out: 1},
		Query:    "4090 reliability>0.99",
		RentForms: []feed.RentSpec{{
			At: at, Image: "pytorch/pytorch", Template: "abc", Disk: 40, Name: "train", Kind: vastapi.Interruptible, RunType: "ssh", Direct: true,
			EnvNames: []string{"HF_TOKEN"}, Ports: []string{"-p 8080:8080"}, GPU: "RTX 4090", NumGPUs: 2, Bid: 0.31, Machine: 7,
		}},
		Tunnels:   []feed.SavedTunnel{{Name: "train", Bind: "127.0.0.1", Local: 8080, Host: "localhost", Remote: 80, Keep: true}},
		SSHConfig: true, Month730: true,
		Lines: []string{"machine 7", "quit"},
	}
}

// Every field that the memory has or will have must come back: a new one that is
// forgotten in the conversion fails here as soon as fullMemory fills it, and the
// first loop fails until it does.
func TestAllThatIsRememberedComesBackInTheNextRun(t *testing.T) {
	t.Parallel()
	want := fullMemory()
	filled(t, reflect.ValueOf(want.RentForms[0]), "rent form")
	filled(t, reflect.ValueOf(want), "memory")
	filled(t, reflect.ValueOf(want.Tables["instances"]), "table")
	filled(t, reflect.ValueOf(want.Left["market bid"]), "list that was left")
	filled(t, reflect.ValueOf(want.Tunnels[0]), "tunnel")
	filled(t, reflect.ValueOf(want.Searches[0]), "search")
	filled(t, reflect.ValueOf(want.Workload), "workload")
	dir := filepath.Join(t.TempDir(), "work")
	if err := openMemory(dir).Save(func(m *feed.Memory) { *m = fullMemory() }); err != nil {
		t.Fatal(err)
	}
	got, notice := openMemory(dir).Load()
	if notice != "" || !reflect.DeepEqual(got, want) {
		t.Errorf("notice %q\ngot  %+v\nwant %+v", notice, got, want)
	}
}

func filled(t *testing.T, v reflect.Value, what string) {
	t.Helper()
	for n := range v.NumField() {
		if v.Field(n).IsZero() {
			t.Errorf("the %s of this test has no %s", what, v.Type().Field(n).Name)
		}
	}
}

func TestNothingRememberedIsTheDefaultWorkload(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "work")
	m, notice := openMemory(dir).Load()
	if notice != "" || !reflect.DeepEqual(m, feed.Memory{Workload: feed.DefaultWorkload()}) {
		t.Errorf("notice %q, %+v", notice, m)
	}
	for _, w := range []feed.Workload{{Disk: vastapi.Unknown[vastapi.GB](), Hours: 1}, {Disk: -1, Hours: 1}, {Disk: 10, Hours: 1, In: -1}} {
		if err := openMemory(dir).Save(func(m *feed.Memory) { m.Workload = w }); err != nil {
			t.Fatal(err)
		}
		if m, _ := openMemory(dir).Load(); m.Workload != feed.DefaultWorkload() {
			t.Errorf("%+v came back as %+v", w, m.Workload)
		}
	}
}

func TestTwoCopiesDoNotUndoEachOthersMemory(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "work")
	var wg sync.WaitGroup
	for _, name := range []string{"a", "b", "c"} {
		file := openMemory(dir)
		wg.Go(func() {
			for range 5 {
				if err := file.Save(func(m *feed.Memory) { m.Searches = append(m.Searches, feed.SavedSearch{Name: name}) }); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if m, _ := openMemory(dir).Load(); len(m.Searches) != 15 {
		t.Errorf("%d of 15 searches were kept", len(m.Searches))
	}
}

func TestTextsOfTheStateFileAreInert(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	file, _ := store.OpenState(dir)
	evil := "a\x1b[2Jb\nc\u202ed"
	err := file.Update(func(s *store.State) {
		*s = store.State{
			LastView: evil, Query: evil, Tables: map[string]store.Table{evil: {Columns: []string{evil}, Sort: evil}},
			Left:     map[string]store.Left{evil: {Account: evil, Marks: []string{evil}, Cursor: evil}},
			Searches: []store.Search{{Name: evil, Query: evil, Kind: evil, Sort: evil}}, Blocks: []store.Block{{Host: 1, Reason: evil}},
			Notes: map[string]string{evil: evil}, Watches: []store.Watch{{Name: evil, Query: evil, Kind: evil}},
			RentForms: []store.RentForm{{
				Image: evil, Template: evil, Name: evil, Kind: evil, RunType: evil, EnvNames: []string{evil}, Ports: []string{evil}, GPU: evil,
			}},
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	m, _ := openMemory(dir).Load()
	eachText(reflect.ValueOf(m), func(s string) {
		if strings.ContainsAny(s, "\x1b\n\u202e") {
			t.Errorf("%q is not inert", s)
		}
	})
	if m.LastView != 0 || m.Searches[0].Kind != "" || m.Searches[0].Name == "" {
		t.Errorf("it became %+v", m)
	}
}

// eachText calls fn with every string in v.
func eachText(v reflect.Value, fn func(string)) {
	switch v.Kind() {
	case reflect.String:
		fn(v.String())
	case reflect.Struct:
		for n := range v.NumField() {
			if v.Type().Field(n).IsExported() {
				eachText(v.Field(n), fn)
			}
		}
	case reflect.Slice:
		for n := range v.Len() {
			eachText(v.Index(n), fn)
		}
	case reflect.Map:
		for _, k := range v.MapKeys() {
			eachText(k, fn)
			eachText(v.MapIndex(k), fn)
		}
	}
}

func TestMemoryOfANewerProgramIsReadAndNotWritten(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const newer = `{"version":9,"data":{"query":"H100"}}`
	if err := os.WriteFile(filepath.Join(dir, "state.json"), []byte(newer), 0o600); err != nil {
		t.Fatal(err)
	}
	file := openMemory(dir)
	m, notice := file.Load()
	if m.Query != "H100" || !strings.Contains(notice, "newer") {
		t.Errorf("query %q, notice %q", m.Query, notice)
	}
	if err := file.Save(func(m *feed.Memory) { m.Query = "x" }); err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("saving gave %v", err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "state.json")); err != nil || string(got) != newer {
		t.Errorf("the file holds %s (%v)", got, err)
	}
}
