package store

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// collect returns everything a replay gives, and its error.
func collect(replay func(func([]byte) error) error) ([]string, error) {
	var lines []string
	err := replay(func(line []byte) error {
		lines = append(lines, string(line))
		return nil
	})
	return lines, err
}

func openTest(t *testing.T, dir string) *Journal {
	t.Helper()
	j := must(OpenJournal(dir))(t)
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func appendAll(t *testing.T, to interface{ Append([]byte) error }, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if err := to.Append([]byte(line)); err != nil {
			t.Fatal(err)
		}
	}
}

func wantLines(t *testing.T, got []string, err error, want ...string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("got lines %q, want %q", got, want)
	}
}

// sample returns the content of a journal file with some lines, and the lines.
func sample(t testing.TB, n int) ([]byte, [][]byte) {
	t.Helper()
	var content []byte
	var lines [][]byte
	for i := range n {
		line := fmt.Appendf(nil, `{"op":"op-%d","state":"intent","plan":"%x","max_dph":0.4%d}`, i, i*i+7, i)
		framed, err := frame(line)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
		content = append(content, framed...)
	}
	return content, lines
}

// deadFile puts a journal file into dir as a process that has died left it.
func deadFile(t *testing.T, dir string, age time.Duration, content []byte) string {
	t.Helper()
	at := time.Now().Add(-age).UTC()
	path := filepath.Join(dir, at.Format(startLayout)+"-4242.log")
	if err := os.MkdirAll(dir, dirMode); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, fileMode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, at, at); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestJournalGivesBackWhatWasAppended(t *testing.T) {
	t.Parallel()
	j := openTest(t, filepath.Join(t.TempDir(), "state", "journal"))
	appendAll(t, j, `{"op":1}`, "", "second, with \x00\x1b and ünïcode", strings.Repeat("x", maxLine))
	got, err := collect(j.Replay)
	wantLines(t, got, err, `{"op":1}`, "", "second, with \x00\x1b and ünïcode", strings.Repeat("x", maxLine))
}

func TestReplayReadsEveryProcessOldestFirst(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a, b := openTest(t, dir), openTest(t, dir)
	appendAll(t, b, "b1")
	appendAll(t, a, "a1")
	old, lines := sample(t, 2)
	deadFile(t, dir, time.Hour, old)
	for _, j := range []*Journal{a, b} {
		got, err := collect(j.Replay)
		wantLines(t, got, err, string(lines[0]), string(lines[1]), "a1", "b1")
	}
}

func TestReplayStopsAtTheCallersError(t *testing.T) {
	t.Parallel()
	j := openTest(t, t.TempDir())
	appendAll(t, j, "1", "2")
	stop := errors.New("stop")
	calls := 0
	err := j.Replay(func([]byte) error { calls++; return stop })
	if !errors.Is(err, stop) || calls != 1 {
		t.Fatalf("got %v after %d calls, want the caller's error after 1", err, calls)
	}
}

func TestAppendRefusesLinesThatAreNotOne(t *testing.T) {
	t.Parallel()
	j := openTest(t, t.TempDir())
	for _, line := range []string{"a\nb", "\n", strings.Repeat("x", maxLine+1)} {
		if err := j.Append([]byte(line)); err == nil {
			t.Errorf("a line of %d bytes was taken: %.10q", len(line), line)
		}
	}
	got, err := collect(j.Replay)
	wantLines(t, got, err)
}

func TestAppendAfterCloseIsRefused(t *testing.T) {
	t.Parallel()
	j := openTest(t, t.TempDir())
	if err := errors.Join(j.Close(), j.Close()); err != nil {
		t.Fatal(err)
	}
	if j.Append([]byte("x")) == nil {
		t.Error("a closed journal took a line")
	}
}

func TestEmptyJournalLeavesNoFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := must(OpenJournal(dir))(t)
	if _, err := os.Stat(j.Path()); err != nil {
		t.Fatal(err)
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	if names := must(os.ReadDir(dir))(t); len(names) != 0 {
		t.Errorf("files left: %v", names)
	}
}

func TestRemovedJournalFileRefusesToAppend(t *testing.T) {
	t.Parallel()
	j := openTest(t, t.TempDir())
	appendAll(t, j, "1")
	if err := os.Remove(j.Path()); err != nil {
		t.Fatal(err)
	}
	if err := j.Append([]byte("2")); err == nil {
		t.Error("a line went into a file that has no name any more")
	}
}

// spyFile records the calls that reach the disk, and fails those it is told to.
type spyFile struct {
	diskFile
	spy *spy
}

type spy struct {
	calls    []string
	short    int // bytes that the next failing write still writes
	writeErr error
	syncErr  error // of the next sync
}

func (f spyFile) Write(p []byte) (int, error) {
	f.spy.calls = append(f.spy.calls, "write")
	if f.spy.writeErr != nil {
		n, _ := f.diskFile.Write(p[:f.spy.short])
		return n, f.spy.writeErr
	}
	return f.diskFile.Write(p)
}

func (f spyFile) Sync() error {
	f.spy.calls = append(f.spy.calls, "sync")
	err := f.spy.syncErr
	f.spy.syncErr = nil
	return errors.Join(err, f.diskFile.Sync())
}

func (s *spy) disk() journalDisk {
	return journalDisk{
		create: func(path string) (logFile, error) {
			s.calls = append(s.calls, "create")
			f, err := createNew(path)
			return spyFile{diskFile{f}, s}, err
		},
		syncDir: func(dir string) error {
			s.calls = append(s.calls, "sync folder")
			return syncDir(dir)
		},
	}
}

func openSpied(t *testing.T, s *spy) *Journal {
	t.Helper()
	j := must(openJournal(t.TempDir(), s.disk()))(t)
	t.Cleanup(func() { _ = j.Close() })
	return j
}

func TestAppendSyncsBeforeItReturns(t *testing.T) {
	t.Parallel()
	s := &spy{}
	j := openSpied(t, s)
	if want := []string{"create", "sync folder"}; !slices.Equal(s.calls, want) {
		t.Fatalf("opening did %q, want %q", s.calls, want)
	}
	for range 3 {
		s.calls = nil
		appendAll(t, j, "line")
		if want := []string{"write", "sync"}; !slices.Equal(s.calls, want) {
			t.Fatalf("when Append returned it had done %q, want %q", s.calls, want)
		}
	}
}

func TestOrphanAppendSyncsToo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	content, _ := sample(t, 1)
	f := must(openAppend(deadFile(t, dir, 0, content)))(t)
	s := &spy{}
	o := &Orphan{Path: f.Name(), file: &recordFile{path: f.Name(), f: spyFile{diskFile{f}, s}, size: int64(len(content))}}
	t.Cleanup(func() { _ = o.Close() })
	appendAll(t, o, "settled")
	if want := []string{"write", "sync"}; !slices.Equal(s.calls, want) {
		t.Fatalf("when Append returned it had done %q, want %q", s.calls, want)
	}
}

func TestOpenFailsWhenItsNameCannotBeSynced(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	disk := (&spy{}).disk()
	disk.syncDir = func(string) error { return errors.New("input/output error") }
	if _, err := openJournal(dir, disk); err == nil {
		t.Fatal("the journal opened although its name is not on the disk")
	}
	if names := must(os.ReadDir(dir))(t); len(names) != 0 {
		t.Errorf("files left: %v", names)
	}
}

func TestFullDiskRefusesAndLosesNothing(t *testing.T) {
	t.Parallel()
	s := &spy{}
	j := openSpied(t, s)
	appendAll(t, j, "1")
	for short := range len("01234567 2\n") {
		s.writeErr, s.short = errors.New("no space left on device"), short
		if err := j.Append([]byte("2")); !errors.Is(err, s.writeErr) {
			t.Fatalf("Append on a full disk gave %v", err)
		}
		got, err := collect(j.Replay)
		wantLines(t, got, err, "1")
	}
	s.writeErr = nil
	appendAll(t, j, "3")
	got, err := collect(j.Replay)
	wantLines(t, got, err, "1", "3")
}

func TestFailedSyncEndsTheJournal(t *testing.T) {
	t.Parallel()
	s := &spy{}
	j := openSpied(t, s)
	appendAll(t, j, "1")
	failure := errors.New("input/output error")
	s.syncErr = failure
	if err := j.Append([]byte("2")); !errors.Is(err, failure) {
		t.Fatalf("Append with a failing sync gave %v", err)
	}
	if err := j.Append([]byte("3")); err == nil {
		t.Error("a journal took a line after a failed sync")
	}
	got, err := collect(j.Replay)
	wantLines(t, got, err, "1")
}

func TestJournalInAPlaceThatCannotBeWrittenIsAnError(t *testing.T) {
	t.Parallel()
	blocked := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(blocked, nil, fileMode); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{blocked, filepath.Join(blocked, "journal"), ""} {
		if j, err := OpenJournal(dir); err == nil {
			t.Errorf("opened %s in %q", j.Path(), dir)
		}
	}
}

func TestEveryPrefixLosesOnlyTheTornRecord(t *testing.T) {
	t.Parallel()
	content, lines := sample(t, 100)
	for n := range len(content) + 1 {
		whole := bytes.Count(content[:n], []byte("\n"))
		got, good, err := parse("file", content[:n])
		if err != nil {
			t.Fatalf("prefix of %d bytes: %v", n, err)
		}
		if !slices.EqualFunc(got, lines[:whole], bytes.Equal) {
			t.Fatalf("prefix of %d bytes: got %d lines, want the first %d", n, len(got), whole)
		}
		if int(good) != bytes.LastIndexByte(content[:n], '\n')+1 {
			t.Fatalf("prefix of %d bytes: %d are called whole", n, good)
		}
	}
	t.Logf("%d prefixes", len(content)+1)
}

func TestBitFlipsAreNeverTakenSilently(t *testing.T) {
	t.Parallel()
	content, lines := sample(t, 40)
	random := rand.New(rand.NewPCG(1, 2))
	refused := 0
	for range 20_000 {
		bit := random.IntN(8 * len(content))
		content[bit/8] ^= 1 << (bit % 8)
		got, _, err := parse("file", content)
		if err == nil {
			t.Fatalf("bit %d of byte %d (%q) was flipped and %d lines of %d read as sound", bit%8, bit/8, content[bit/8], len(got), len(lines))
		}
		refused++
		if !slices.EqualFunc(got, lines[:len(got)], bytes.Equal) {
			t.Fatalf("bit %d of byte %d: the lines before the damage are not those written", bit%8, bit/8)
		}
		content[bit/8] ^= 1 << (bit % 8)
	}
	t.Logf("%d flips, all refused", refused)
}

func TestDamageInTheMiddleIsNamedAndTheFileKept(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	content, lines := sample(t, 3)
	content[len(content)/2] ^= 4
	content = append(content, "torn"...)
	path := deadFile(t, dir, time.Hour, content)
	j := openTest(t, dir)
	appendAll(t, j, "mine")

	got, err := collect(j.Replay)
	var damage *ErrDamaged
	if !errors.As(err, &damage) || damage.Path != path || damage.Record != 2 || !strings.Contains(err.Error(), path) {
		t.Errorf("replay gave %v, want ErrDamaged for record 2 of %s", err, path)
	}
	if want := []string{string(lines[0]), "mine"}; !slices.Equal(got, want) {
		t.Errorf("replay gave %q, want what is sound: %q", got, want)
	}
	orphans, err := j.Orphans()
	if !errors.As(err, &damage) || len(orphans) != 0 {
		t.Errorf("Orphans gave %d files and %v, want none and ErrDamaged", len(orphans), err)
	}
	if _, err := Compact(dir, 0, func([][]byte) bool { return true }); !errors.As(err, &damage) {
		t.Errorf("Compact gave %v, want ErrDamaged", err)
	}
	if after := must(os.ReadFile(path))(t); !bytes.Equal(after, content) {
		t.Error("the damaged file was changed")
	}
}

func TestUnreadableJournalFileIsAnError(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := openTest(t, dir)
	name := time.Now().UTC().Format(startLayout) + "-1.log"
	if err := os.Mkdir(filepath.Join(dir, name), dirMode); err != nil {
		t.Fatal(err)
	}
	if _, err := collect(j.Replay); err == nil {
		t.Error("a journal that cannot be read was passed over")
	}
}

func TestSixtyFourJournalsInOneFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	journals := make([]*Journal, 64)
	var wg sync.WaitGroup
	stop := make(chan struct{})
	adopters := make(chan struct{})
	go func() { // somebody looks for orphans all the while: none of the new files may be taken
		defer close(adopters)
		looker := &Journal{dir: dir}
		for {
			select {
			case <-stop:
				return
			default:
			}
			orphans, err := looker.Orphans()
			if err != nil || len(orphans) != 0 {
				t.Errorf("a living process's file was adopted: %d, %v", len(orphans), err)
			}
		}
	}()
	for i := range journals {
		wg.Go(func() {
			j, err := OpenJournal(dir)
			if err == nil {
				err = j.Append(fmt.Append(nil, i))
			}
			if err != nil {
				t.Error(err)
				return
			}
			journals[i] = j
		})
	}
	wg.Wait()
	close(stop)
	<-adopters
	if t.Failed() {
		return
	}

	paths := map[string]bool{}
	for _, j := range journals {
		defer j.Close()
		paths[j.Path()] = true
		f := must(openAppend(j.Path()))(t)
		if got, err := tryLock(f); got || err != nil {
			t.Errorf("%s is not locked by its owner (%v)", j.Path(), err)
		}
		_ = f.Close()
	}
	if len(paths) != len(journals) {
		t.Errorf("%d journals share %d files", len(journals), len(paths))
	}
	got, err := collect(journals[0].Replay)
	if err != nil || len(got) != len(journals) {
		t.Errorf("replay gave %d lines (%v), want one of each", len(got), err)
	}
}

func TestDeadFileIsAdoptedExactlyOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	content, lines := sample(t, 2)
	path := deadFile(t, dir, time.Hour, append(content, "01234567 torn"...))
	var mu sync.Mutex
	var adopted []*Orphan
	var wg sync.WaitGroup
	for range 16 {
		j := openTest(t, dir)
		wg.Go(func() {
			orphans, err := j.Orphans()
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			adopted = append(adopted, orphans...)
		})
	}
	wg.Wait()
	if len(adopted) != 1 || adopted[0].Path != path {
		t.Fatalf("adopted %d times, want once", len(adopted))
	}
	o := adopted[0]
	appendAll(t, o, "settled")
	want := []string{string(lines[0]), string(lines[1]), "settled"}
	got, err := collect(o.Replay)
	wantLines(t, got, err, want...)
	if err := errors.Join(o.Close(), o.Close()); err != nil {
		t.Fatal(err)
	}
	if o.Append([]byte("late")) == nil {
		t.Error("a closed orphan took a line")
	}
	// Once released, it is free for the next.
	again := must(openTest(t, dir).Orphans())(t)
	if len(again) != 1 {
		t.Fatalf("adopted %d files after the release, want 1", len(again))
	}
	defer again[0].Close()
	got, err = collect(again[0].Replay)
	wantLines(t, got, err, want...)
}

func TestOrphanWithoutAWholeRecordIsRemoved(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	empty := deadFile(t, dir, time.Hour, nil)
	torn := deadFile(t, dir, 2*time.Hour, []byte("01234567 never announ"))
	if orphans := must(openTest(t, dir).Orphans())(t); len(orphans) != 0 {
		t.Errorf("adopted %d files that hold nothing", len(orphans))
	}
	for _, path := range []string{empty, torn} {
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s is still there (%v)", path, err)
		}
	}
}

// childJournal opens a journal in the folder, appends lines without end, and prints the path and
// then each line once Append has returned. With "1" it appends that many and waits to be killed.
func childJournal(args []string) error {
	j, err := OpenJournal(args[0])
	if err != nil {
		return err
	}
	fmt.Println(j.Path())
	for i := 0; len(args) < 2 || i < 1; i++ {
		line := fmt.Sprintf("line %d", i)
		if err := j.Append([]byte(line)); err != nil {
			return err
		}
		fmt.Println(line)
	}
	return childHang(nil)
}

func TestFileOfALivingProcessIsNotAdopted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	cmd := childCommand(t, "journal", dir, "1")
	out := bufio.NewScanner(must(cmd.StdoutPipe())(t))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	if !out.Scan() {
		t.Fatal("the child opened no journal")
	}
	path := out.Text()
	out.Scan()
	j := openTest(t, dir)
	if orphans := must(j.Orphans())(t); len(orphans) != 0 {
		t.Fatalf("the file of a living process was adopted: %s", orphans[0].Path)
	}
	got, err := collect(j.Replay)
	wantLines(t, got, err, "line 0")

	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	orphans := must(j.Orphans())(t)
	if len(orphans) != 1 || orphans[0].Path != path {
		t.Fatalf("the file of the killed process was not adopted: %v", orphans)
	}
	_ = orphans[0].Close()
}

func TestKilledProcessLosesNoAcknowledgedLine(t *testing.T) {
	t.Parallel()
	for run := range 10 {
		dir := t.TempDir()
		cmd := childCommand(t, "journal", dir)
		out := bufio.NewScanner(must(cmd.StdoutPipe())(t))
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		out.Scan() // the path
		var acknowledged []string
		for len(acknowledged) < 20*(run+1) && out.Scan() {
			acknowledged = append(acknowledged, out.Text())
		}
		_ = cmd.Process.Kill()
		for out.Scan() {
			acknowledged = append(acknowledged, out.Text())
		}
		_ = cmd.Wait()
		orphans := must(openTest(t, dir).Orphans())(t)
		if len(orphans) != 1 {
			t.Fatalf("adopted %d files, want 1", len(orphans))
		}
		got, err := collect(orphans[0].Replay)
		_ = orphans[0].Close()
		// The last printed line may itself be cut by the kill.
		whole := acknowledged[:len(acknowledged)-1]
		if err != nil || len(got) < len(whole) || !slices.Equal(got[:len(whole)], whole) {
			t.Fatalf("run %d: %d lines were acknowledged and %d read (%v)", run, len(whole), len(got), err)
		}
	}
}

func TestStrangersInTheFolderAreLeftAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	j := openTest(t, dir)
	for _, name := range []string{"notes.txt", "x-1.log", "20260102T150405.000000000Z-.log", "20260102T150405.000000000Z-1.log.bak"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("not ours\n"), fileMode); err != nil {
			t.Fatal(err)
		}
	}
	got, err := collect(j.Replay)
	wantLines(t, got, err)
	if orphans, err := j.Orphans(); len(orphans) != 0 || err != nil {
		t.Errorf("adopted %v (%v)", orphans, err)
	}
}

func FuzzJournal(f *testing.F) {
	content, _ := sample(f, 3)
	f.Add(content)
	f.Add(content[:len(content)-1])
	f.Add(append(bytes.Clone(content), "0123"...))
	f.Add([]byte("00000000 \n"))
	f.Add([]byte("\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, good, err := parse("file", data)
		// What reads as lines must be, byte for byte, what writing them gives: nothing is
		// guessed, mended or dropped.
		var again []byte
		for _, line := range lines {
			framed, err := frame(line)
			if err != nil && len(line) <= maxLine {
				t.Fatal(err)
			}
			again = append(again, framed...)
		}
		if good < 0 || good > int64(len(data)) {
			t.Fatalf("%d of %d bytes called whole", good, len(data))
		}
		if !bytes.Equal(again, data[:good]) {
			t.Fatalf("%d bytes read as lines that are written as other bytes", good)
		}
		if err == nil && bytes.IndexByte(data[good:], '\n') >= 0 {
			t.Fatal("a whole line was dropped as torn")
		}
	})
}
