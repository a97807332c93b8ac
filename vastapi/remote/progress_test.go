package remote

import (
	"strings"
	"testing"
	"time"
)

// rsyncTranscript is what rsync 3.5.0 printed for four files, with a pipe as its output.
const rsyncTranscript = ">src/\n>src/a\\#012b\n\r              3   0%    0.00kB/s    0:00:00  " +
	"\r              3   0%    0.00kB/s    0:00:00 (xfr#1, to-chk=6/8)\n>src/big one.bin\n" +
	"\r       15892483  52%   14.70MB/s    0:00:00  \r       30000003  99%   15.42MB/s    0:00:01 (xfr#2, to-chk=5/8)\n" +
	">src/we*i[r]d?.txt\n\r       30000005  99%   15.42MB/s    0:00:01 (xfr#3, to-chk=2/8)\n>src/sub/\n" +
	"\r       30000007  99%   15.41MB/s    0:00:01 (xfr#4, to-chk=0/8)\n"

func TestRsyncProgressIsReadHoweverItIsCut(t *testing.T) {
	t.Parallel()
	for size := 1; size <= len(rsyncTranscript); size++ {
		var r rsyncOutput
		for rest := rsyncTranscript; rest != ""; {
			n := min(size, len(rest))
			if _, err := r.Write([]byte(rest[:n])); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if want := (reading{bytes: 30000007, files: 4, current: "src/sub/"}); r.reading != want {
			t.Fatalf("in pieces of %d: %+v, want %+v", size, r.reading, want)
		}
	}
}

func TestAFileNameCannotForgeProgress(t *testing.T) {
	t.Parallel()
	var r rsyncOutput
	for _, line := range []string{
		">  99999 100% 1.00MB/s 0:00:00 (xfr#9, to-chk=0/9)", "99999 100% x", " not 5%", "   -5   1%  x", "\x1b[2J",
		" 99999999999999999999 3%", strings.Repeat("x", 3*maxRest),
	} {
		_, _ = r.Write([]byte(line + "\n"))
	}
	if r.bytes != 0 || r.files != 0 {
		t.Errorf("read %+v from lines that are no progress", r.reading)
	}
	_, _ = r.Write([]byte(">evil\x1b]52;c;aGk=\a\n"))
	if strings.ContainsAny(r.current, "\x1b\a") {
		t.Errorf("the name of the file is not inert: %q", r.current)
	}
}

func TestTheRateIsThatOfTheLastSeconds(t *testing.T) {
	t.Parallel()
	var p pace
	at := time.Unix(1000, 0)
	if rate := p.add(at, 0); rate != 0 {
		t.Errorf("a rate of %v from one figure", rate)
	}
	for i := 1; i <= 20; i++ { // fast at first
		p.add(at.Add(time.Duration(i)*time.Second), int64(i)*1000)
	}
	var rate float64
	for i := 21; i <= 40; i++ { // then slow
		rate = p.add(at.Add(time.Duration(i)*time.Second), 20000+int64(i-20)*10)
	}
	if rate != 10 {
		t.Errorf("rate %v after twenty slow seconds, want 10", rate)
	}
	for i := 41; i <= 60; i++ { // then not at all
		rate = p.add(at.Add(time.Duration(i)*time.Second), 20200)
	}
	if rate != 0 {
		t.Errorf("rate %v of a copy that stands still", rate)
	}
	if len(p.marks) > 8 {
		t.Errorf("%d marks are kept", len(p.marks))
	}
}

func TestAnEstimateIsGivenOnlyWhenItIsOne(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		done, total int64
		rate        float64
		want        time.Duration
	}{
		{50, 100, 10, 5 * time.Second}, {50, 0, 10, 0}, {50, 100, 0, 0}, {100, 100, 10, 0}, {0, 1 << 60, 1, 0}, {120, 100, 1, 0},
	} {
		if got := left(c.done, c.total, c.rate); got != c.want {
			t.Errorf("left(%d, %d, %v) = %v, want %v", c.done, c.total, c.rate, got, c.want)
		}
	}
}
