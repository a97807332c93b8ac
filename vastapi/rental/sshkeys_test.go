package rental

import (
	"strings"
	"testing"

	"vastdeck/vastapi"
	"vastdeck/vastapi/safetext"
	"vastdeck/vastapi/vastsim"
)

const publicKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHZhc3RkZWNrIGV4YW1wbGUga2V5IG9mIDMyIGJ5dGVz me@laptop"

func accountKey() vastapi.SSHKey {
	return vastapi.SSHKey{ID: 120417, Public: safetext.New(publicKey), Type: "ssh-ed25519", Comment: safetext.New("me@laptop")}
}

func TestAPrivateKeyIsNeverPlannedToBeSent(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"private":      "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r\n-----END OPENSSH PRIVATE KEY-----",
		"one line":     "-----BEGIN OPENSSH PRIVATE KEY----- b3BlbnNzaC1r",
		"two lines":    publicKey + "\n" + publicKey,
		"no key":       "hello",
		"empty":        " ",
		"with a NUL":   "ssh-ed25519 AAAA\x00 x",
		"carriage ret": "ssh-ed25519 AAAA\rssh-rsa BBBB",
	} {
		if p, err := PlanAddKey(text, fixed()); err == nil {
			t.Errorf("%s: %+v", name, p)
		}
		if p, err := PlanAttachKey([]vastapi.Instance{worked(5)}, text, fixed()); err == nil {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

func TestAKeyIsNotAttachedWhereNoSSHRuns(t *testing.T) {
	t.Parallel()
	args := worked(5)
	args.RunType = safetext.New("args")
	if _, err := PlanAttachKey([]vastapi.Instance{args}, publicKey, fixed()); err == nil || !strings.Contains(err.Error(), "no ssh runs there") {
		t.Errorf("%v", err)
	}
	p := must(t)(PlanAttachKey([]vastapi.Instance{args, worked(6)}, publicKey, fixed()))
	if len(p.Steps) != 1 || p.Steps[0].Subject.Instance != 6 {
		t.Errorf("%+v", p.Steps)
	}
}

func TestKeysAreAddedAttachedDetachedAndDeletedAndSeen(t *testing.T) {
	bubble(t, func(t *testing.T) {
		m := newMarket(t, vastsim.WithInstances(5))
		two := m.running(2)
		seen := func(p Plan, err error) {
			t.Helper()
			r := m.run(p, err)
			checkCounts(t, r, len(p.Steps), 0, 0, 0, 0)
			if !r.Complete() {
				t.Errorf("%s: %s", p.Verb, r.Label())
			}
		}
		seen(PlanAddKey(publicKey, m.desk()))
		keys, err := m.client.SSHKeys(t.Context())
		if err != nil || !keyAsWanted(vastapi.AddSSHKey{Key: publicKey}, keys) {
			t.Fatalf("%+v, %v", keys, err)
		}
		seen(PlanAttachKey(two, publicKey, m.desk()))
		of, err := m.client.InstanceSSHKeys(t.Context(), two[0].ID)
		if err != nil || !keyAsWanted(vastapi.AttachSSHKey{Key: publicKey}, of) {
			t.Fatalf("%+v, %v", of, err)
		}
		mine := of[len(of)-1]
		seen(PlanDetachKey(two[0], mine, m.desk()))
		seen(PlanDetachKey(two[0], mine, m.desk())) // gone already: as wanted
		mine = keys[len(keys)-1]
		seen(PlanDeleteKey(mine, m.desk()))
		seen(PlanDeleteKey(mine, m.desk()))
	})
}

func TestAKeyWhoseAnswerIsLostIsLookedForAndNotSentAgain(t *testing.T) {
	for name, c := range map[string]struct {
		kind          vastsim.Kind
		done, unknown int
	}{
		"it was added": {vastsim.LostAnswer, 1, 0},
		"it was not":   {vastsim.Reset, 0, 1},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				m := newMarket(t, vastsim.WithInstances(5))
				m.world.Fault(vastsim.Fault{Kind: c.kind, Method: "POST", Path: "/api/v0/ssh/", Times: 1})
				r := m.run(PlanAddKey(publicKey, m.desk()))
				checkCounts(t, r, c.done, 0, 0, c.unknown, 0)
				if n := len(m.world.Calls("POST", "/api/v0/ssh/")); n != 1 {
					t.Errorf("%d requests", n)
				}
				ops, err := Open(m.j)
				if err != nil {
					t.Fatal(err)
				}
				op := ops.All()[0]
				if call, ok := callOf(op).(vastapi.AddSSHKey); !ok || call.Key != publicKey || op.Open() != (c.unknown == 1) {
					t.Errorf("the journal tells %+v", op)
				}
			})
		})
	}
}

func TestAFingerprintIsTheOneThatSSHPrints(t *testing.T) {
	t.Parallel()
	// ssh-keygen -lf of the same line.
	if got := Fingerprint(publicKey); got != "SHA256:zapgaooe9vrsl71aH1i9QwSyCQbQS25NCxCmAH6jupo" {
		t.Error(got)
	}
	for _, none := range []string{"", "ssh-ed25519", "ssh-ed25519 !!!"} {
		if got := Fingerprint(none); got != "not known" {
			t.Errorf("%q: %s", none, got)
		}
	}
}
