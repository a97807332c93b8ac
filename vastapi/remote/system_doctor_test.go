//go:build system && unix

package remote_test

import (
	"context"
	"net"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi/remote"
)

// states are the outcomes of the steps in one line.
func states(checks []remote.Check) string {
	var words []string
	for _, c := range checks {
		words = append(words, c.Step.String()+"="+c.State.String())
	}
	return strings.Join(words, " ")
}

func TestTheDoctorFindsAGoodConnectionWell(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var told []remote.Check
	start := time.Now()
	checks := r.c.Examine(within(t), remote.Subject{Target: r.target()}, func(c remote.Check) { told = append(told, c) })
	t.Logf("it took %v", time.Since(start))
	if got, want := states(checks), "status=ok port=ok tcp=ok banner=ok host key=ok key=ok shell=ok"; got != want {
		t.Errorf("%s\nwant %s\n%+v", got, want, checks)
	}
	if len(told) != len(checks) {
		t.Errorf("%d of %d steps were told", len(told), len(checks))
	}
	if !strings.HasPrefix(checks[3].Text, "SSH-2.0-OpenSSH") {
		t.Errorf("the banner is %q", checks[3].Text)
	}
	if sessions, err := r.c.Sessions(within(t)); err != nil || len(sessions) != 0 {
		t.Errorf("it left %v, %v", sessions, err)
	}
}

func TestTheDoctorExplainsAWrongKey(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := within(t)
	other := filepath.Join(r.home, "other")
	keygen(t, other)
	mine := remote.LocalKey{Path: other + ".pub", Fingerprint: "SHA256:mine", Private: true}
	c := r.client(other)
	if _, err := c.Open(ctx, instance, r.endpoint(), false); remote.FailureOf(err) == nil || remote.FailureOf(err).Kind != remote.FailDenied {
		t.Fatalf("opening with a wrong key: %v", err)
	}
	for name, q := range map[string]struct {
		subject remote.Subject
		want    remote.Remedy
	}{
		"known to nobody":     {remote.Subject{Keys: []remote.LocalKey{mine}, Account: []string{"SHA256:x"}, Attached: []string{}}, remote.RemedyAttachKey},
		"in the account only": {remote.Subject{Keys: []remote.LocalKey{mine}, Account: []string{"SHA256:mine"}, Attached: []string{}}, remote.RemedyAttachKey},
		"just attached":       {remote.Subject{Keys: []remote.LocalKey{mine}, Attached: []string{"SHA256:mine"}}, remote.RemedyWait},
		"of the settings":     {remote.Subject{}, remote.RemedyAttachKey},
	} {
		q.subject.Target = r.target()
		checks := c.Examine(ctx, q.subject, nil)
		if got, want := states(checks), "status=ok port=ok tcp=ok banner=ok host key=ok key=failed shell=skipped"; got != want {
			t.Fatalf("%s: %s\n%+v", name, got, checks)
		}
		failed, _ := remote.FirstFailed(checks)
		if failed.Fix.Remedy != q.want || failed.Fix.Text == "" || q.want == remote.RemedyAttachKey && failed.Fix.Key.Path != mine.Path {
			t.Errorf("%s: %+v", name, failed)
		}
		t.Logf("%s: %s %s", name, failed.Text, failed.Fix.Text)
	}
}

func TestAChangedHostKeyIsRefusedExplainedAndForgotten(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx := within(t)
	r.open(ctx)
	if err := r.c.Close(ctx, instance); err != nil {
		t.Fatal(err)
	}
	r.sshd.newHostKey()
	r.sshd.restart()
	_, err := r.c.Open(ctx, instance, r.endpoint(), false)
	f := remote.FailureOf(err)
	if f == nil || f.Kind != remote.FailHostKey || f.Next == "" {
		t.Fatalf("another host key: %v", err)
	}
	t.Logf("%v", f)
	if _, err := r.c.Exec(ctx, instance, r.endpoint(), "true", remote.ExecOptions{}); remote.FailureOf(err) == nil || remote.FailureOf(err).Kind != remote.FailHostKey {
		t.Errorf("a command went through: %v", err)
	}
	checks := r.c.Examine(ctx, remote.Subject{Target: r.target()}, nil)
	if failed, _ := remote.FirstFailed(checks); failed.Step != remote.StepHostKey || failed.Fix.Remedy != remote.RemedyForgetHostKey {
		t.Errorf("the doctor says %s: %+v", states(checks), failed)
	}
	// The same server under another instance's name is nobody's business.
	if _, err := r.c.Open(ctx, instance+1, r.endpoint(), false); err != nil {
		t.Errorf("another instance: %v", err)
	}
	if forgotten, err := r.c.ForgetHost(instance); err != nil || !forgotten {
		t.Fatal(forgotten, err)
	}
	r.open(ctx)
}

func TestTheDoctorGoesOnThroughTheProxy(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	target := r.target()
	target.Proxy = r.endpoint()
	target.Proxy.Way = remote.Proxy
	target.Direct.Port = freeLoopbackPort(t)
	checks := r.c.Examine(within(t), remote.Subject{Target: target}, nil)
	want := "status=ok port=ok tcp=warning tcp=ok banner=ok host key=ok key=ok shell=ok"
	if got := states(checks); got != want || checks[2].Fix.Remedy != remote.RemedyUseProxy || checks[2].Way != remote.Direct || checks[3].Way != remote.Proxy {
		t.Errorf("%s\n%+v", got, checks)
	}
	t.Logf("%s %s", checks[2].Text, checks[2].Fix.Text)
}

func TestTheDoctorDoesNotWaitLongForAPortThatIsSilent(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	target := r.target()
	target.Direct.Port = l.Addr().(*net.TCPAddr).Port
	start := time.Now()
	checks := r.c.Examine(context.Background(), remote.Subject{Target: target}, nil)
	if took := time.Since(start); took > 30*time.Second {
		t.Errorf("it took %v", took)
	}
	if failed, _ := remote.FirstFailed(checks); failed.Step != remote.StepBanner || failed.Fix.Remedy != remote.RemedyWait {
		t.Errorf("%s\n%+v", states(checks), failed)
	}
}

func TestTheDoctorTellsAKeyWithAPassphrase(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	locked := filepath.Join(r.home, "locked")
	if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", locked).CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	r.sshd.allow(locked + ".pub")
	c := r.client(locked)
	key, err := remote.ReadPublicKey(locked + ".pub")
	must(t, err)
	checks := c.Examine(within(t), remote.Subject{Target: r.target(), Keys: []remote.LocalKey{key}, Account: []string{key.Fingerprint}}, nil)
	if failed, _ := remote.FirstFailed(checks); failed.Step != remote.StepAuth || !strings.Contains(failed.Fix.Text, "ssh-add "+locked) {
		t.Errorf("%s: %+v", states(checks), failed)
	}
	if _, err := c.Open(within(t), instance, r.endpoint(), false); err == nil || !strings.Contains(err.Error(), "ssh-add "+locked) {
		t.Errorf("opening: %v", err)
	}
}
