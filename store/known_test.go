package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWhatIsKnownComesBackAndNothingWhenItCannotBeRead(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "default")
	if got := ReadKnown(dir); !got.At.IsZero() {
		t.Errorf("something is known before anything was noted: %+v", got)
	}
	want := Known{
		At: time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC), Host: "console.vast.ai",
		Instances: []KnownThing{{ID: 1, Name: "a", About: "1x RTX 4090"}}, Volumes: []KnownThing{{ID: 2}},
	}
	if err := WriteKnown(dir, want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, ReadKnown(dir)); diff != "" {
		t.Error(diff)
	}
	info, err := os.Stat(filepath.Join(dir, knownFile))
	if err != nil || info.Mode().Perm() != fileMode && !modesUnsupported {
		t.Errorf("%v %v", info, err)
	}
	for _, bad := range []string{"", "{", `{"version":2,"instances":[{"id":1}]}`, `[]`} {
		if err := os.WriteFile(filepath.Join(dir, knownFile), []byte(bad), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := ReadKnown(dir); len(got.Instances) != 0 {
			t.Errorf("%q was believed: %+v", bad, got)
		}
	}
}

func TestKnownThingsAreBounded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := WriteKnown(dir, Known{Instances: make([]KnownThing, 2*mostKnown)}); err != nil {
		t.Fatal(err)
	}
	if n := len(ReadKnown(dir).Instances); n != mostKnown {
		t.Errorf("%d instances came back, want %d", n, mostKnown)
	}
}

func TestLongNamesDoNotMakeAFileThatIsNotReadAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	list := make([]KnownThing, mostKnown)
	for n := range list {
		list[n] = KnownThing{ID: int64(n), Name: strings.Repeat("n", 256)}
	}
	if err := WriteKnown(dir, Known{Instances: list, Volumes: list}); err != nil {
		t.Fatal(err)
	}
	if got := ReadKnown(dir); len(got.Instances) < mostKnown/8 || len(got.Volumes) < mostKnown/8 {
		t.Errorf("%d instances and %d volumes came back", len(got.Instances), len(got.Volumes))
	}
}
