package store

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"
)

func fullState() State {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return State{
		LastView:  "instances",
		Sort:      map[string]Sort{"market": {Column: "price", Reverse: true}},
		Columns:   map[string][]string{"market": {"gpu", "price"}},
		Searches:  []Search{{Name: "cheap", Query: "4090 dph<0.3"}},
		Blocks:    []Block{{Subject: "host 42", Reason: "slow", Since: at}},
		Notes:     map[string]string{"machine 7": "good \x1b[31m one"},
		RentForms: []RentForm{{Image: "pytorch", DiskGB: 40, Name: "train", At: at}},
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

func TestDamagedStateIsSetAsideWithANotice(t *testing.T) {
	t.Parallel()
	good := `{"version":1,"data":{"last_view":"bids"}}`
	for _, content := range []string{"", "{", good[:20], good + "x", "null", "[]", `{"version":0,"data":{}}`, `{"version":1}`, `{"version":1,"data":{"sort":3}}`, "\x00\x00\x00"} {
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
		`{"version":2,"data":{"last_view":"bids","new":1}}`: "bids",
		`{"version":2,"data":["another shape"]}`:            "",
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

func TestTwentyRentFormsAreRememberedNewestFirst(t *testing.T) {
	t.Parallel()
	var s State
	for i := range 30 {
		s.AddRentForm(RentForm{Image: fmt.Sprint("image ", i), DiskGB: 10})
	}
	s.AddRentForm(RentForm{Image: "image 15", DiskGB: 10, At: time.Unix(1, 0)})
	if len(s.RentForms) != 20 || s.RentForms[0].Image != "image 15" || s.RentForms[1].Image != "image 29" || s.RentForms[19].Image != "image 10" {
		t.Errorf("got %d forms: %+v", len(s.RentForms), s.RentForms)
	}
}

func TestRentFormsHaveNoPlaceForSecrets(t *testing.T) {
	t.Parallel()
	form := reflect.TypeFor[RentForm]()
	var names []string
	for i := range form.NumField() {
		names = append(names, form.Field(i).Name)
	}
	if got := strings.Join(names, " "); got != "Image DiskGB Name At" {
		t.Errorf("a rent form stores %s: environment values, start scripts and registry logins must not be among them", got)
	}
}
