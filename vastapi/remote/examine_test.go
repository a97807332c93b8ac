package remote_test

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"vastdeck/vastapi/remote"
)

// patient is an instance whose ports say something.
type patient struct {
	*home
	says map[string]string // by address; missing = refuses, "" = is silent
	hang map[string]bool   // does not answer at all
	ends bool              // hangs up after what it says
}

func newPatient(t *testing.T, says map[string]string) *patient {
	t.Helper()
	p := &patient{says: says, hang: map[string]bool{}}
	p.home = newHome(t, func(o *remote.Options) { o.Dial = p.dial })
	p.recorder.On("echo vastdeck-shell-works", remote.Reply{Out: "Welcome\nvastdeck-shell-works\n"})
	p.recorder.Answer = p.agent
	return p
}

// agent tells the keys that an agent holds.
func (p *patient) agent(c remote.Command) (remote.Reply, bool) {
	if filepath.Base(c.Path) != "ssh-add" {
		return remote.Reply{}, false
	}
	return remote.Reply{Out: "256 SHA256:b me@here (ED25519)\n256 SHA256:n new (ED25519)\n"}, true
}

func (p *patient) dial(ctx context.Context, _, address string) (net.Conn, error) {
	if p.hang[address] {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	text, listens := p.says[address]
	if !listens {
		return nil, &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}
	}
	near, far := net.Pipe()
	go func() {
		if text != "" {
			_, _ = io.WriteString(far, text)
		}
		if p.ends || strings.HasSuffix(text, "!") {
			_ = far.Close()
		}
		_, _ = io.Copy(io.Discard, far)
		_ = far.Close()
	}()
	return near, nil
}

const greeting = "SSH-2.0-OpenSSH_9.6 \x1b[2J\r\n"

func examined(checks []remote.Check) string {
	var words []string
	for _, c := range checks {
		words = append(words, c.Step.String()+" "+c.State.String())
	}
	return strings.Join(words, ", ")
}

func TestTheStepsOfAnExamination(t *testing.T) {
	account := func(s *remote.Subject) {
		s.Keys = []remote.LocalKey{{Path: "a.pub", Fingerprint: "SHA256:a"}, {Path: "b.pub", Fingerprint: "SHA256:b"}}
		s.Account, s.Attached = []string{"SHA256:b"}, []string{}
	}
	denied := remote.Reply{Code: 255, Err: "root@h: Permission denied (publickey).\n"}
	for name, q := range map[string]struct {
		says    map[string]string
		hang    string
		ends    bool // it hangs up after what it says
		subject func(*remote.Subject)
		login   *remote.Reply
		want    string
		fix     remote.Remedy
		text    string
	}{
		"all is well": {says: map[string]string{direct.Address(): greeting}, want: "status ok, port ok, tcp ok, banner ok, host key ok, key ok, shell ok"},
		"stopped": {subject: func(s *remote.Subject) { s.Target.Running = false },
			want: "status failed, port skipped, tcp skipped, banner skipped, host key skipped, key skipped, shell skipped", fix: remote.RemedyStart},
		"coming": {subject: func(s *remote.Subject) { s.Target.Running, s.Coming, s.Status = false, true, "It is loading." },
			want: "status failed, port skipped, tcp skipped, banner skipped, host key skipped, key skipped, shell skipped", fix: remote.RemedyWait, text: "It is loading."},
		"no ssh": {subject: func(s *remote.Subject) { s.Target.Refused = "Its image has no ssh." },
			want: "status ok, port failed, tcp skipped, banner skipped, host key skipped, key skipped, shell skipped", fix: remote.RemedyNone, text: "Its image has no ssh."},
		"no address": {subject: func(s *remote.Subject) { s.Target.Direct, s.Target.Proxy = remote.Endpoint{}, remote.Endpoint{} },
			want: "status ok, port failed, tcp skipped, banner skipped, host key skipped, key skipped, shell skipped"},
		"the proxy helps": {says: map[string]string{proxy.Address(): greeting},
			want: "status ok, port ok, tcp warning, tcp ok, banner ok, host key ok, key ok, shell ok"},
		"the proxy helps against silence": {says: map[string]string{direct.Address(): "", proxy.Address(): greeting},
			want: "status ok, port ok, tcp ok, banner warning, tcp ok, banner ok, host key ok, key ok, shell ok"},
		"nothing answers": {hang: direct.Address(),
			want: "status ok, port ok, tcp warning, tcp failed, banner skipped, host key skipped, key skipped, shell skipped", fix: remote.RemedyWait, text: "the connection is refused"},
		"not ssh": {says: map[string]string{direct.Address(): "HTTP/1.1 400 Bad Request\r\n\r\n!"}, subject: func(s *remote.Subject) { s.Target.Proxy = remote.Endpoint{} },
			want: "status ok, port ok, tcp ok, banner failed, host key skipped, key skipped, shell skipped", fix: remote.RemedyNone, text: "Something else than ssh"},
		"whole lines that are not ssh": {says: map[string]string{direct.Address(): "220 mail ready\r\nhello\n"}, ends: true, subject: func(s *remote.Subject) { s.Target.Proxy = remote.Endpoint{} },
			want: "status ok, port ok, tcp ok, banner failed, host key skipped, key skipped, shell skipped", fix: remote.RemedyNone, text: "Something else than ssh"},
		"another host key": {says: map[string]string{direct.Address(): greeting}, login: &remote.Reply{Code: 255, Err: "Host key verification failed.\n"},
			want: "status ok, port ok, tcp ok, banner ok, host key failed, key skipped, shell skipped", fix: remote.RemedyForgetHostKey},
		"a key of the account": {says: map[string]string{direct.Address(): "hello\r\n" + greeting}, login: &denied, subject: account,
			want: "status ok, port ok, tcp ok, banner ok, host key ok, key failed, shell skipped", fix: remote.RemedyAttachKey},
		"no key": {says: map[string]string{direct.Address(): greeting}, login: &denied,
			want: "status ok, port ok, tcp ok, banner ok, host key ok, key failed, shell skipped", fix: remote.RemedyGenerateKey},
		"no shell": {says: map[string]string{direct.Address(): greeting}, login: &remote.Reply{Code: 1, Out: "This account is not available.\n"},
			want: "status ok, port ok, tcp ok, banner ok, host key ok, key ok, shell failed", text: "ended with 1"},
		"hangs": {says: map[string]string{direct.Address(): greeting}, login: &remote.Reply{Hang: true},
			want: "status ok, port ok, tcp ok, banner ok, host key failed, key skipped, shell skipped", fix: remote.RemedyWait},
	} {
		synctest.Test(t, func(t *testing.T) {
			p := newPatient(t, q.says)
			p.ends = q.ends
			if q.hang != "" {
				p.hang[q.hang] = true
			}
			if q.login != nil {
				p.recorder.On("echo vastdeck-shell-works", *q.login)
			}
			s := remote.Subject{Target: target()}
			if q.subject != nil {
				q.subject(&s)
			}
			told := 0
			start := time.Now()
			checks := p.Examine(t.Context(), s, func(remote.Check) { told++ })
			if got := examined(checks); got != q.want {
				t.Errorf("%s: %s\nwant %s\n%+v", name, got, q.want, checks)
			}
			failed, _ := remote.FirstFailed(checks)
			if failed.Fix.Remedy != q.fix || !strings.Contains(failed.Text, q.text) {
				t.Errorf("%s: %+v", name, failed)
			}
			if told != len(checks) || time.Since(start) > 30*time.Second {
				t.Errorf("%s: told %d of %d in %v", name, told, len(checks), time.Since(start))
			}
			for _, c := range checks {
				if strings.ContainsAny(c.Text+c.Fix.Text, "\x1b\r\n") || c.Text == "" {
					t.Errorf("%s: the text of %v is %q", name, c.Step, c.Text)
				}
			}
		})
	}
}

func TestAnExaminationLeavesTheSharedConnectionAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPatient(t, map[string]string{direct.Address(): greeting})
		p.Examine(t.Context(), remote.Subject{Target: target()}, nil)
		lines := p.recorder.Lines()
		if len(lines) != 2 || !strings.HasSuffix(lines[0], "ssh -V") || !strings.Contains(lines[1], "ControlPath=none") {
			t.Errorf("it started %q", lines)
		}
	})
}

func TestACancelledExaminationEndsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPatient(t, map[string]string{direct.Address(): ""})
		ctx, cancel := context.WithCancelCause(t.Context())
		time.AfterFunc(time.Second, func() { cancel(errors.New("enough")) })
		start := time.Now()
		p.Examine(ctx, remote.Subject{Target: target()}, nil)
		if took := time.Since(start); took != time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

func TestKeysAreLookedUpOnceMoreOnlyWhenNoneIsLetIn(t *testing.T) {
	for code, want := range map[int]int{0: 0, 255: 1} {
		synctest.Test(t, func(t *testing.T) {
			p := newPatient(t, map[string]string{direct.Address(): greeting})
			if code != 0 {
				p.recorder.On("echo vastdeck-shell-works", remote.Reply{Code: code, Err: "root@h: Permission denied (publickey).\n"})
			}
			recalled := 0
			s := remote.Subject{Target: target(), Recall: func(_ context.Context, s *remote.Subject) {
				recalled++
				s.Keys = []remote.LocalKey{{Path: "new.pub", Fingerprint: "SHA256:n", Private: true}}
				s.Attached = []string{"SHA256:n"}
			}}
			failed, _ := remote.FirstFailed(p.Examine(t.Context(), s, nil))
			if recalled != want || want == 1 && (failed.Fix.Remedy != remote.RemedyWait || !strings.Contains(failed.Fix.Text, "new.pub is attached")) {
				t.Errorf("%d: looked up %d times, %+v", code, recalled, failed)
			}
		})
	}
}

func TestAnSSHThatCannotBeUsedIsAFaultOfThisMachine(t *testing.T) {
	t.Parallel()
	for name, q := range map[string]struct {
		reply remote.Reply
		want  string
	}{
		"not installed": {remote.Reply{Fail: remote.NotStarted("/usr/bin/ssh", errors.New("no such file"))}, "Install the package openssh-client"},
		"too old":       {remote.Reply{Err: "OpenSSH_7.4p1, OpenSSL 1.0.2k\n"}, "OpenSSH 7.6 or newer is needed."},
	} {
		p := newPatient(t, map[string]string{direct.Address(): greeting})
		p.recorder.On("-V", q.reply)
		checks := p.Examine(t.Context(), remote.Subject{Target: target()}, nil)
		if got, want := examined(checks), "status ok, port failed, tcp skipped, banner skipped, host key skipped, key skipped, shell skipped"; got != want {
			t.Errorf("%s: %s", name, got)
		}
		if failed, _ := remote.FirstFailed(checks); !strings.Contains(failed.Text, "this machine cannot connect") || !strings.Contains(failed.Fix.Text, q.want) {
			t.Errorf("%s: %+v", name, failed)
		}
	}
	p := newPatient(t, map[string]string{direct.Address(): greeting})
	p.recorder.On("echo vastdeck-shell-works", remote.Reply{Code: 255, Err: "command-line line 0: Bad configuration option: accept-new\n"})
	if failed, _ := remote.FirstFailed(p.Examine(t.Context(), remote.Subject{Target: target()}, nil)); !strings.Contains(failed.Text, "the ssh of this machine") || !strings.Contains(failed.Fix.Text, "7.6 or newer") {
		t.Errorf("an option that is not known: %+v", failed)
	}
}

// Heads of private keys: what is behind the cipher's name is not needed to tell.
const (
	lockedHead = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAACmFlczI1Ni1jdHIAAAAGYmNyeXB0AAAAGAAAABDgf8M7Ew\n"
	openHead   = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW\n"
)

func TestAKeyWithAPassphraseIsToldAndNotAttachedAgain(t *testing.T) {
	t.Parallel()
	denied := remote.Reply{Code: 255, Err: "root@h: Permission denied (publickey).\n"}
	for name, q := range map[string]struct {
		head, fingerprint string
		want, not         string
	}{
		"locked":                   {lockedHead, "SHA256:l", "ssh-add /", "wait 15 seconds"},
		"PEM":                      {"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n", "SHA256:l", "ssh-add /", "wait 15 seconds"},
		"PKCS8":                    {"-----BEGIN ENCRYPTED PRIVATE KEY-----\n", "SHA256:l", "ssh-add /", "wait 15 seconds"},
		"open":                     {openHead, "SHA256:l", "wait 15 seconds", "passphrase"},
		"locked, held by an agent": {lockedHead, "SHA256:b", "wait 15 seconds", "passphrase"},
	} {
		p := newPatient(t, map[string]string{direct.Address(): greeting})
		p.recorder.On("echo vastdeck-shell-works", denied)
		must(t, os.MkdirAll(p.options.SSHDir, 0o700))
		path := filepath.Join(p.options.SSHDir, "id_ed25519")
		must(t, os.WriteFile(path, []byte(q.head), 0o600))
		s := remote.Subject{Target: target(), Attached: []string{q.fingerprint}, Keys: []remote.LocalKey{
			{Path: filepath.Join(p.options.SSHDir, "aaa_github.pub"), Fingerprint: "SHA256:a", Private: true},
			{Path: path + ".pub", Fingerprint: q.fingerprint, Private: true},
		}}
		failed, _ := remote.FirstFailed(p.Examine(t.Context(), s, nil))
		if !strings.Contains(failed.Fix.Text, q.want) || strings.Contains(failed.Fix.Text, q.not) || strings.Contains(failed.Fix.Text, "github") {
			t.Errorf("%s: %+v", name, failed.Fix)
		}
	}
}

func TestALockedKeyThatIsKnownNowhereNeedsTheAgentToo(t *testing.T) {
	t.Parallel()
	for head, hint := range map[string]bool{lockedHead: true, openHead: false} {
		p := newPatient(t, map[string]string{direct.Address(): greeting})
		p.recorder.On("echo vastdeck-shell-works", remote.Reply{Code: 255, Err: "root@h: Permission denied (publickey).\n"})
		must(t, os.MkdirAll(p.options.SSHDir, 0o700))
		path := filepath.Join(p.options.SSHDir, "id_ed25519")
		must(t, os.WriteFile(path, []byte(head), 0o600))
		s := remote.Subject{Target: target(), Account: []string{"SHA256:o"}, Keys: []remote.LocalKey{{Path: path + ".pub", Fingerprint: "SHA256:l", Private: true}}}
		failed, _ := remote.FirstFailed(p.Examine(t.Context(), s, nil))
		if failed.Fix.Remedy != remote.RemedyAttachKey || !strings.Contains(failed.Fix.Text, "attach "+path) || strings.Contains(failed.Fix.Text, "run ssh-add "+path+" too.") != hint {
			t.Errorf("locked %v: %+v", hint, failed.Fix)
		}
	}
}

func TestOpeningWithALockedKeySaysWhatToDo(t *testing.T) {
	t.Parallel()
	h := newHome(t)
	h.recorder.On("-M -N -f", remote.Reply{Code: 255, Err: "root@h: Permission denied (publickey).\n"})
	must(t, os.MkdirAll(h.options.SSHDir, 0o700))
	must(t, os.WriteFile(filepath.Join(h.options.SSHDir, "id_ed25519"), []byte(lockedHead), 0o600))
	_, err := h.Open(t.Context(), 42, direct, false)
	if f := remote.FailureOf(err); f == nil || f.Kind != remote.FailDenied || !strings.Contains(f.Next, "ssh-add "+h.options.SSHDir) {
		t.Errorf("got %v", err)
	}
}

func TestAdviceIsAboutTheKeyOfTheSettingsAlone(t *testing.T) {
	t.Parallel()
	p := newPatient(t, map[string]string{direct.Address(): greeting})
	o := p.options
	o.Identity = filepath.Join(o.SSHDir, "work")
	c := client(t, o)
	p.recorder.On("echo vastdeck-shell-works", remote.Reply{Code: 255, Err: "root@h: Permission denied (publickey).\n"})
	s := remote.Subject{Target: target(), Account: []string{"SHA256:a"}, Keys: []remote.LocalKey{
		{Path: filepath.Join(o.SSHDir, "id_ed25519.pub"), Fingerprint: "SHA256:a", Private: true},
		{Path: o.Identity + ".pub", Fingerprint: "SHA256:w", Private: true},
	}}
	failed, _ := remote.FirstFailed(c.Examine(t.Context(), s, nil))
	if failed.Fix.Remedy != remote.RemedyAttachKey || failed.Fix.Key.Fingerprint != "SHA256:w" {
		t.Errorf("got %+v", failed.Fix)
	}
	s.Keys = s.Keys[:1]
	failed, _ = remote.FirstFailed(c.Examine(t.Context(), s, nil))
	if failed.Fix.Remedy != remote.RemedyNone || !strings.Contains(failed.Fix.Text, "ssh.identity") {
		t.Errorf("without its public half: %+v", failed.Fix)
	}
}
