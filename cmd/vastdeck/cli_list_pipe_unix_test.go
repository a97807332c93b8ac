//go:build unix

package main

import (
	"bufio"
	"bytes"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// As with `vastdeck offers --json | head -1`.
func TestAVerbEndsQuietlyWhenItsReaderHasEnough(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	var errs bytes.Buffer
	cmd := &exec.Cmd{
		Path: self, Args: []string{programName, "offers", "--json", "--no-default", "--limit", "700"}, Dir: home, Stderr: &errs,
		Env: []string{"HOME=" + home, "VAST_API_KEY=" + scriptKey, "VAST_URL=" + serveAnswer(t, recordedMarket(t, 700))},
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	first, err := bufio.NewReaderSize(out, 16).ReadString('\n')
	if err != nil || first != "{\n" {
		t.Errorf("the first line is %q, %v", first, err)
	}
	_ = out.Close()
	err = cmd.Wait()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGPIPE {
		t.Errorf("it ended with %v, want the signal that a reader who has left sends", err)
	}
	if said := errs.String(); strings.Count(said, "\n") != 1 || !strings.HasPrefix(said, "vastdeck: these are the first 700;") {
		t.Errorf("it said %q", said)
	}
}
