package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vastdeck/store"
	"vastdeck/vastapi/rental"
)

// line is a record as rental writes it.
func line(kind, op string, at time.Time) string {
	return fmt.Sprintf(`{"kind":%q,"t":%q,"plan":"p","op":%q,"verb":"destroy","instance":7,"account":"1"}`, kind, at.UTC().Format(time.RFC3339Nano), op)
}

// begin writes what was sent of operations and leaves it open.
func begin(t *testing.T, j rental.Journal, at time.Time, ops ...string) {
	t.Helper()
	for _, op := range ops {
		put(t, j, line("intent", op, at), line("sent", op, at))
	}
}

func put(t *testing.T, j rental.Journal, lines ...string) {
	t.Helper()
	for _, l := range lines {
		if err := j.Append([]byte(l)); err != nil {
			t.Fatal(err)
		}
	}
}

// dead leaves a file behind as a process that has ended does, and names it.
func dead(t *testing.T, dir string, age time.Duration, ops ...string) string {
	t.Helper()
	j, err := store.OpenJournal(dir)
	if err != nil {
		t.Fatal(err)
	}
	begin(t, j, time.Now().Add(-age), ops...)
	path := j.Path()
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	aged(t, path, age)
	return path
}

func aged(t *testing.T, path string, age time.Duration) {
	t.Helper()
	at := time.Now().Add(-age)
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
}

func opened(t *testing.T, dir string) *archive {
	t.Helper()
	a, err := openArchive(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

func content(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func states(t *testing.T, j rental.Journal) []string {
	t.Helper()
	ops, err := rental.Open(j)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, op := range ops.All() {
		out = append(out, op.ID+" "+string(op.State))
	}
	slices.Sort(out)
	return out
}

func TestWhatIsFoundOutStandsInTheFileThatLeftItOpen(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "journal")
	left := dead(t, dir, time.Hour, "old")
	a := opened(t, dir)
	if err := a.Adopt(); err != nil {
		t.Fatal(err)
	}
	begin(t, a, time.Now(), "mine")
	put(t, a, line("confirmed", "old", time.Now()))
	if got := content(t, left); !strings.Contains(got, `"confirmed"`) || strings.Contains(got, "mine") {
		t.Errorf("the adopted file holds\n%s", got)
	}
	if got := content(t, a.Path()); strings.Contains(got, "old") || !strings.Contains(got, "mine") {
		t.Errorf("the file of this process holds\n%s", got)
	}
	if got := states(t, a); !slices.Equal(got, []string{"mine sent", "old confirmed"}) {
		t.Errorf("the journal tells %v", got)
	}
	if err := a.Tidy(); err != nil {
		t.Fatal(err)
	}
	put(t, a, line("unknown", "old", time.Now())) // after it was given back
	if got := content(t, left); strings.Contains(got, `"unknown"`) {
		t.Error("a file that was given back is written")
	}
}

func TestFileOfALivingProcessIsNeverTouched(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "journal")
	other := opened(t, dir)
	begin(t, other, time.Now().Add(-90*24*time.Hour), "theirs")
	put(t, other, line("confirmed", "theirs", time.Now().Add(-90*24*time.Hour)))
	aged(t, other.Path(), 90*24*time.Hour)
	before := content(t, other.Path())
	a := opened(t, dir)
	for range 2 {
		if err := a.Adopt(); err != nil {
			t.Fatal(err)
		}
		put(t, a, line("unknown", "theirs", time.Now()))
		if err := a.Tidy(); err != nil {
			t.Fatal(err)
		}
	}
	if got := content(t, other.Path()); got != before {
		t.Errorf("it holds now\n%s", got)
	}
	put(t, other, line("confirmed", "theirs", time.Now()))
}

func TestOnlyOneCopyAdoptsAFile(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "journal")
	left := dead(t, dir, time.Hour, "old")
	first, second := opened(t, dir), opened(t, dir)
	for _, a := range []*archive{first, second} {
		if err := a.Adopt(); err != nil {
			t.Fatal(err)
		}
	}
	put(t, second, line("unknown", "old", time.Now()))
	if strings.Contains(content(t, left), `"unknown"`) || !strings.Contains(content(t, second.Path()), `"unknown"`) {
		t.Error("the second copy writes into the file that the first has adopted")
	}
	put(t, first, line("confirmed", "old", time.Now().Add(time.Second)))
	if got := states(t, second); !slices.Equal(got, []string{"old confirmed"}) {
		t.Errorf("the journal tells %v", got)
	}
}

func TestOldSettledFilesBecomeOneAndLoseNothing(t *testing.T) {
	t.Parallel()
	const month = 31 * 24 * time.Hour
	dir := filepath.Join(t.TempDir(), "journal")
	open := dead(t, dir, month, "open")
	young := dead(t, dir, 24*time.Hour, "young")
	elsewhere := dead(t, dir, month, "elsewhere") // settled by a record in another file
	settled := dead(t, dir, month, "settled")
	a := opened(t, dir)
	if err := a.Adopt(); err != nil {
		t.Fatal(err)
	}
	put(t, a, line("confirmed", "settled", time.Now()))
	if err := a.release(); err != nil {
		t.Fatal(err)
	}
	put(t, a, line("rejected", "elsewhere", time.Now()), line("confirmed", "young", time.Now()))
	aged(t, settled, month)
	before := states(t, a)
	if err := a.Tidy(); err != nil {
		t.Fatal(err)
	}
	for path, stays := range map[string]bool{open: true, young: true, elsewhere: false, settled: false, filepath.Join(dir, "activity.log"): true} {
		if _, err := os.Stat(path); (err == nil) != stays {
			t.Errorf("%s: there %t, want %t", filepath.Base(path), err == nil, stays)
		}
	}
	after := states(t, a)
	want := []string{"elsewhere rejected", "open sent", "settled confirmed", "young confirmed"}
	if !slices.Equal(after, before) || !slices.Equal(after, want) {
		t.Errorf("before %v, after %v, want %v", before, after, want)
	}
}

func TestDamagedFileIsNamedAndKeptOutOfTheMerge(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "journal")
	bad := dead(t, dir, 40*24*time.Hour, "bad")
	data := []byte(content(t, bad))
	data[20] ^= 1
	if err := os.WriteFile(bad, data, 0o600); err != nil {
		t.Fatal(err)
	}
	a := opened(t, dir)
	for name, err := range map[string]error{"adopting": a.Adopt(), "tidying": a.Tidy()} {
		if err == nil || !strings.Contains(err.Error(), "damaged") {
			t.Errorf("%s gave %v", name, err)
		}
	}
	if content(t, bad) != string(data) {
		t.Error("the damaged file was changed")
	}
}
