package store

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode/utf8"
)

func fullState() State {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return State{
		LastView: "2",
		Tables:   map[string]Table{"market": {Columns: []string{"gpu", "price"}, Widths: map[string]int{"gpu": 24}, Sort: "price", Reverse: true, Query: "worker util<5"}},
		Left:     map[string]Left{"instances": {Account: "77", At: at, Marks: []string{"18820341"}, Cursor: "18820341"}},
		Searches: []Search{{Name: "cheap", Query: "4090 dph<0.3", Kind: "bid", Sort: "score", Reverse: true}},
		Blocks:   []Block{{Host: 42, Reason: "slow", Since: at, Until: at.Add(time.Hour)}, {Machine: 7, Since: at}},
		Notes:    map[string]string{"machine 7": "good \x1b[31m one"},
		Watches:  []Watch{{Name: "mine", Machine: 7, Added: at}, {Query: "H100", Kind: "on-demand", Added: at}},
		Workload: Workload{DiskGB: 40, Hours: 12, InGB: 5, OutGB: 1},
		Query:    "4090 reliability>0.99",
		RentForms: []RentForm{{
			At: at, Image: "pytorch", Template: "abc", DiskGB: 40, Name: "train", Kind: "bid", RunType: "ssh", Direct: true,
			EnvNames: []string{"HF_TOKEN"}, Ports: []string{"-p 8080:8080"}, GPU: "RTX 4090", NumGPUs: 2, Bid: 0.31, Machine: 7,
		}},
		Tunnels:   []Tunnel{{Name: "train", Bind: "127.0.0.1", Local: 8080, Host: "localhost", Remote: 80, Keep: true}},
		SSHConfig: true, Month730: true,
	}
}

func openState(t *testing.T, dir string) *StateFile {
	t.Helper()
	f, notice := OpenState(dir)
	if notice != "" {
		t.Fatal(notice)
	}
	return f
}

func TestStateComesBackInTheNextRun(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "vastdeck", "work")
	f := openState(t, dir)
	if !reflect.DeepEqual(f.State(), State{}) {
		t.Fatalf("a new state holds %+v", f.State())
	}
	if err := f.Update(func(s *State) { *s = fullState() }); err != nil {
		t.Fatal(err)
	}
	if got := openState(t, dir).State(); !reflect.DeepEqual(got, fullState()) {
		t.Errorf("got %+v\nwant %+v", got, fullState())
	}
}

func TestCopiesOfTheProgramDoNotUndoEachOther(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var wg sync.WaitGroup
	for i := range 8 {
		f := openState(t, dir)
		f.tries = everLocked
		wg.Go(func() {
			for n := range 5 {
				err := f.Update(func(s *State) {
					s.Searches = append(s.Searches, Search{Name: fmt.Sprint(i, n)})
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := len(openState(t, dir).State().Searches); got != 40 {
		t.Errorf("%d of 40 searches were kept", got)
	}
}

// everLocked is how often a lock is tried by one who gives up only when a test has
// gone wrong.
const everLocked = 100_000

func TestACopyThatNeverEndsSavingIsNotWaitedForLong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		release := must(lockPath(filepath.Join(dir, stateName+".lock")))(t)
		f := openState(t, dir)
		note := func(s *State) { s.LastView = "bids" }
		begun := time.Now()
		if err := f.Update(note); err == nil || !strings.Contains(err.Error(), "another copy") || f.State().LastView != "bids" {
			t.Errorf("%v, and %+v is remembered", err, f.State())
		}
		if took := time.Since(begun); took != 10*time.Second {
			t.Errorf("it took %v", took)
		}
		release()
		if err := f.Update(note); err != nil || openState(t, dir).State().LastView != "bids" {
			t.Errorf("afterwards: %v", err)
		}
	})
}

func TestDamagedStateIsSetAsideWithANotice(t *testing.T) {
	t.Parallel()
	good := `{"version":2,"data":{"last_view":"bids"}}`
	for _, content := range []string{"", "{", good[:20], good + "x", "null", "[]", `{"version":0,"data":{}}`, `{"version":1}`, `{"version":1,"data":{"sort":3}}`, `{"version":2,"data":{"tables":3}}`, "\x00\x00\x00"} {
		dir := t.TempDir()
		path := filepath.Join(dir, "state.json")
		if err := os.WriteFile(path, []byte(content), fileMode); err != nil {
			t.Fatal(err)
		}
		f, notice := OpenState(dir)
		if !strings.Contains(notice, "damaged") || f.ReadOnly() || !reflect.DeepEqual(f.State(), State{}) {
			t.Errorf("%q: notice %q, state %+v", content, notice, f.State())
		}
		kept, err := filepath.Glob(path + ".damaged-*")
		if err != nil || len(kept) != 1 {
			t.Fatalf("%q: kept as %v (%v)", content, kept, err)
		}
		if got := must(os.ReadFile(kept[0]))(t); string(got) != content {
			t.Errorf("%q was kept as %q", content, got)
		}
		if err := f.Update(func(s *State) { s.LastView = "costs" }); err != nil {
			t.Error(err)
		}
		if got := openState(t, dir).State().LastView; got != "costs" {
			t.Errorf("%q: the new state has view %q", content, got)
		}
	}
}

func TestEveryPrefixOfAStateFileOpens(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := openState(t, dir).Update(func(s *State) { *s = fullState() }); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "state.json")
	content := must(os.ReadFile(path))(t)
	for n := range len(content) - 1 { // the last byte is a newline after the document
		if err := os.WriteFile(path, content[:n], fileMode); err != nil {
			t.Fatal(err)
		}
		if f, notice := OpenState(dir); notice == "" || f.ReadOnly() {
			t.Fatalf("prefix of %d bytes was taken as a whole file", n)
		}
	}
}

func TestNewerStateIsReadAndNeverWritten(t *testing.T) {
	t.Parallel()
	for content, view := range map[string]string{
		`{"version":3,"data":{"last_view":"bids","new":1}}`: "bids",
		`{"version":3,"data":["another shape"]}`:            "",
	} {
		dir := t.TempDir()
		path := filepath.Join(dir, "state.json")
		if err := os.WriteFile(path, []byte(content), fileMode); err != nil {
			t.Fatal(err)
		}
		f, notice := OpenState(dir)
		if !strings.Contains(notice, "newer") || !f.ReadOnly() || f.State().LastView != view {
			t.Errorf("notice %q, read-only %v, view %q", notice, f.ReadOnly(), f.State().LastView)
		}
		if err := f.Update(func(s *State) { s.LastView = "costs" }); !errors.Is(err, ErrReadOnly) {
			t.Errorf("Update gave %v, want ErrReadOnly", err)
		}
		if f.State().LastView != "costs" {
			t.Error("the run did not go on with the change")
		}
		if got := must(os.ReadFile(path))(t); string(got) != content {
			t.Errorf("the file now holds %s", got)
		}
	}
}

func TestStateThatCannotBeWrittenIsAnErrorAndLives(t *testing.T) {
	t.Parallel()
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, fileMode); err != nil {
		t.Fatal(err)
	}
	f, _ := OpenState(filepath.Join(blocked, "work"))
	if err := f.Update(func(s *State) { s.LastView = "costs" }); err == nil {
		t.Error("state was saved where it cannot be")
	}
	if f.State().LastView != "costs" {
		t.Error("the run did not go on with the change")
	}
}

func TestStateOverALinkOrFolderIsSetAside(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	target := filepath.Join(dir, "target")
	if err := os.WriteFile(target, []byte(`{"version":1,"data":{"last_view":"bids"}}`), fileMode); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, filepath.Join(dir, "state.json")); err != nil {
		t.Fatal(err)
	}
	f, notice := OpenState(dir)
	if notice == "" || f.State().LastView != "" {
		t.Errorf("the link was followed: notice %q, view %q", notice, f.State().LastView)
	}
}

func TestStateOfTheFirstVersionIsTakenOver(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	old := `{"version":1,"data":{"last_view":"instances","sort":{"market":{"column":"price","reverse":true},"instances":{"column":"id"}},
		"columns":{"market":["gpu","price"],"bids":["id"]},"searches":[{"name":"cheap","query":"4090"}],
		"blocks":[{"subject":"host 42","reason":"slow","since":"2026-01-02T03:04:05Z"},{"subject":"machine 7","since":"2026-01-02T03:04:05Z"},
			{"subject":"planet 3","since":"2026-01-02T03:04:05Z"},{"subject":"host x","since":"2026-01-02T03:04:05Z"}],
		"notes":{"machine 7":"good"},"rent_forms":[{"image":"pytorch","disk_gb":40,"name":"train","at":"2026-01-02T03:04:05Z"}]}}`
	if err := os.WriteFile(filepath.Join(dir, "state.json"), []byte(old), fileMode); err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	want := State{
		LastView: "instances",
		Tables: map[string]Table{
			"market": {Columns: []string{"gpu", "price"}, Sort: "price", Reverse: true}, "instances": {Sort: "id"}, "bids": {Columns: []string{"id"}},
		},
		Searches:  []Search{{Name: "cheap", Query: "4090"}},
		Blocks:    []Block{{Host: 42, Reason: "slow", Since: at}, {Machine: 7, Since: at}},
		Notes:     map[string]string{"machine 7": "good"},
		RentForms: []RentForm{{Image: "pytorch", DiskGB: 40, Name: "train", At: at}},
	}
	f := openState(t, dir)
	if got := f.State(); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if err := f.Update(func(s *State) { s.Query = "H100" }); err != nil {
		t.Fatal(err)
	}
	want.Query = "H100"
	if got := openState(t, dir).State(); !reflect.DeepEqual(got, want) {
		t.Errorf("saved in the shape of today it is %+v\nwant %+v", got, want)
	}
}

func TestStateStaysWithinItsBounds(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	long := strings.Repeat("é", 5000)
	err := openState(t, dir).Update(func(s *State) {
		s.Query, s.LastView = long, long
		s.Tables, s.Notes = map[string]Table{}, map[string]string{}
		for i := range 3000 {
			name := fmt.Sprintf("%04d", i)
			s.Tables[name] = Table{Sort: long, Columns: slices.Repeat([]string{"x"}, 300)}
			s.Notes[name] = long
			s.Searches = append(s.Searches, Search{Name: name, Query: long})
			s.Blocks = append(s.Blocks, Block{Machine: int64(i), Reason: long})
			s.Watches = append(s.Watches, Watch{Machine: int64(i), Query: long})
			s.Tunnels = append(s.Tunnels, Tunnel{Name: long, Bind: long, Host: long, Local: i + 1, Remote: 80}, Tunnel{Name: name, Local: i, Remote: 70_000}, Tunnel{Local: 1, Remote: 1})
			s.RentForms = append(s.RentForms, RentForm{
				Image: long, NumGPUs: i, Bid: math.NaN(), DiskGB: math.Inf(1), EnvNames: slices.Repeat([]string{"TOKEN=secret"}, 300),
			})
		}
		s.Workload = Workload{DiskGB: math.NaN(), Hours: 1e300, InGB: 3}
	})
	if err != nil {
		t.Fatal(err)
	}
	s := openState(t, dir).State()
	counts := []int{len(s.Tables), len(s.Searches), len(s.Blocks), len(s.Watches), len(s.Notes), len(s.RentForms), len(s.Tables["0000"].Columns), len(s.RentForms[0].EnvNames), len(s.Tunnels)}
	if want := []int{50, 200, 200, 200, 200, 20, 100, 100, 100}; !slices.Equal(counts, want) {
		t.Errorf("there are %v, want %v", counts, want)
	}
	if s.Searches[199].Name != "2999" || s.Blocks[199].Machine != 2999 || s.Watches[199].Machine != 2999 || s.RentForms[0].NumGPUs != 0 || s.Tunnels[99].Local != 3000 {
		t.Error("what was added last is not what was kept")
	}
	for name, text := range map[string]string{
		"query": s.Query, "view": s.LastView, "note": s.Notes["0000"], "search": s.Searches[0].Query,
		"reason": s.Blocks[0].Reason, "watch": s.Watches[0].Query, "tunnel": s.Tunnels[0].Name, "image": s.RentForms[0].Image,
	} {
		if len(text) != maxStateText || !utf8.ValidString(text) {
			t.Errorf("%s: %d bytes, valid %t", name, len(text), utf8.ValidString(text))
		}
	}
	if got := s.Tables["0000"].Sort; len(got) != maxStateName || !utf8.ValidString(got) {
		t.Errorf("the name of a column has %d bytes", len(got))
	}
	if s.Workload != (Workload{InGB: 3}) || s.RentForms[0].Bid != 0 || s.RentForms[0].DiskGB != 0 {
		t.Errorf("figures that are none became %+v, %+v", s.Workload, s.RentForms[0])
	}
	if got := s.RentForms[0].EnvNames[0]; got != "TOKEN" {
		t.Errorf("the value of a variable was kept: %q", got)
	}
	if info := must(os.Stat(filepath.Join(dir, "state.json")))(t); info.Size() > maxDocument {
		t.Errorf("the file has %d bytes, more than is read", info.Size())
	}
}

func TestRentFormsHaveNoPlaceForSecrets(t *testing.T) {
	t.Parallel()
	form := reflect.TypeFor[RentForm]()
	var names []string
	for i := range form.NumField() {
		names = append(names, form.Field(i).Name)
	}
	want := "At Image Template DiskGB Name Kind RunType Direct EnvNames Ports GPU NumGPUs Bid Machine"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("a rent form stores %s: environment values, start scripts and registry logins must not be among them", got)
	}
}
