package remote_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"vastdeck/vastapi/remote"
)

// said is what OpenSSH 9 prints when it fails, and what that means.
var said = map[string]remote.FailureKind{
	"root@203.0.113.7: Permission denied (publickey).\r\n":                                                   remote.FailDenied,
	"Received disconnect from 203.0.113.7 port 22:2: Too many authentication failures\r\n":                   remote.FailDenied,
	"ssh: connect to host 203.0.113.7 port 22: Connection refused\r\n":                                       remote.FailRefused,
	"ssh: connect to host 203.0.113.7 port 22: Connection timed out\r\n":                                     remote.FailTimeout,
	"ssh: connect to host 203.0.113.7 port 22: Operation timed out\r\n":                                      remote.FailTimeout,
	"Connection timed out during banner exchange\r\n":                                                        remote.FailTimeout,
	"ssh: connect to host 203.0.113.7 port 22: No route to host\r\n":                                         remote.FailUnreachable,
	"ssh: connect to host 203.0.113.7 port 22: Network is unreachable\r\n":                                   remote.FailUnreachable,
	"ssh: Could not resolve hostname ssh6.vast.ai: Name or service not known\r\n":                            remote.FailUnreachable,
	"kex_exchange_identification: Connection closed by remote host\r\nConnection closed by 1.2.3.4\n":        remote.FailClosed,
	"kex_exchange_identification: read: Connection reset by peer\r\n":                                        remote.FailClosed,
	"Connection closed by 203.0.113.7 port 22\r\n":                                                           remote.FailClosed,
	"Connection to 203.0.113.7 closed by remote host.\r\n":                                                   remote.FailLost,
	"client_loop: send disconnect: Broken pipe\r\n":                                                          remote.FailLost,
	"Timeout, server 203.0.113.7 not responding.\r\n":                                                        remote.FailLost,
	"command-line: line 0: Bad configuration option: nosuch\r\n":                                             remote.FailOptions,
	"Control socket connect(/x): No such file or directory\r\n":                                              remote.FailNoMaster,
	"Control socket connect(/x): Connection refused\r\n":                                                     remote.FailNoMaster,
	"mux_client_forward: forwarding request failed: Port forwarding failed\r\n":                              remote.FailPort,
	"Control socket connect(/x): Connection refused\r\nroot@203.0.113.7: Permission denied (publickey).\r\n": remote.FailDenied,
	"bind [127.0.0.1]:8888: Address already in use\r\n":                                                      remote.FailPort,
	"something new\r\n": remote.FailUnknown,
	"":                  remote.FailUnknown,
	"@@@@@@@@@@@@@@@@@@@@@@@@@\r\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\n@@@@@@@@@@@@@\r\n" +
		"Host key for vast-42 has changed and you have requested strict checking.\r\nHost key verification failed.\r\n": remote.FailHostKey,
	"Host key verification failed.\r\nroot@203.0.113.7: Permission denied (publickey).\r\n": remote.FailHostKey,
	"Warning: Permanently added 'vast-42' (ED25519) to the list of known hosts.\r\n" +
		"Warning: Identity file /x not accessible: No such file or directory.\r\nroot@203.0.113.7: Permission denied (publickey).\r\n": remote.FailDenied,
}

func TestFailuresAreRecognised(t *testing.T) {
	t.Parallel()
	for text, want := range said {
		f := remote.Explain(255, text)
		if f == nil || f.Kind != want {
			t.Errorf("%q: got %+v, want %v", text, f, want)
			continue
		}
		if f.Sentence == "" || f.Next == "" || !strings.HasSuffix(f.Error(), ".") || f.Kind.String() == "" || strings.ContainsAny(f.Detail, "\r\n") {
			t.Errorf("%q: says %q, detail %q", text, f.Error(), f.Detail)
		}
	}
}

func TestChangedHostKeyIsToldWithTheFingerprintThatIsShown(t *testing.T) {
	t.Parallel()
	const (
		begin   = "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\r\nIT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!\r\n"
		first   = "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @"
		shown   = "The fingerprint for the ED25519 key sent by the remote host is"
		hostile = "The fingerprint for the \x1b[31m key is\n\x1b]0;hostile\x07SHA256:x\n"
	)
	for text, want := range map[string]string{
		begin + shown + "\r\nSHA256:ZiWq5X6d.\r\nPlease contact your system administrator.\r\n": shown + " SHA256:ZiWq5X6d.",
		begin:         first,
		begin + shown: first,
	} {
		f := remote.Explain(255, text)
		if f == nil || f.Kind != remote.FailHostKey || f.Detail != want {
			t.Errorf("%q: got %+v, want the detail %q", text, f, want)
		}
	}
	if f := remote.Explain(255, begin+hostile); f == nil || strings.ContainsAny(f.Detail, "\x1b\a\r\n") || !strings.Contains(f.Detail, "SHA256:x") {
		t.Errorf("what is not harmless: got %q", f.Detail)
	}
}

func TestOtherExitCodesAreTheRemotes(t *testing.T) {
	t.Parallel()
	for code := range 255 {
		if f := remote.Explain(code, "root@x: Permission denied (publickey)."); f != nil {
			t.Errorf("%d: got %v", code, f)
		}
	}
}

func TestDetailIsInert(t *testing.T) {
	t.Parallel()
	f := remote.Explain(255, "\x1b]0;evil\a\x1b[2JPermission denied (publickey\u202e)\n")
	if f.Kind != remote.FailDenied || strings.ContainsAny(f.Detail, "\x1b\a\u202e") {
		t.Errorf("got %q", f.Detail)
	}
	long := remote.Explain(255, strings.Repeat("x", 1<<20))
	if len(long.Detail) > 2000 {
		t.Errorf("the detail has %d bytes", len(long.Detail))
	}
}

func TestFailureIsFoundInWhatWrapsIt(t *testing.T) {
	t.Parallel()
	f := remote.Explain(255, "Connection refused")
	if got := remote.FailureOf(fmt.Errorf("opening: %w", f)); got != f {
		t.Errorf("got %v", got)
	}
	if got := remote.FailureOf(errors.New("other")); got != nil {
		t.Errorf("got %v", got)
	}
}
