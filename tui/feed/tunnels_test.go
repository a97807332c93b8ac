package feed

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"testing"
	"time"

	"vastdeck/vastapi"
	"vastdeck/vastapi/remote"
	"vastdeck/vastapi/safetext"
)

func forward(local int) remote.Forward {
	return remote.Forward{Instance: 7, Name: "train", Bind: "127.0.0.1", Local: local, Host: "localhost", Remote: 80}
}

func TestTunnelIsRememberedByNameAndPort(t *testing.T) {
	t.Parallel()
	var m Memory
	m.SaveTunnel(remote.Forward{Instance: 7, Local: 1}) // nobody could find it again
	m.SaveTunnel(forward(8080))
	kept := m.Clone()
	other := forward(8080)
	other.Remote = 81
	m.SaveTunnel(other)
	if len(m.Tunnels) != 1 || m.Tunnels[0].Remote != 81 || !m.Saved(other) || m.Saved(forward(8080)) {
		t.Errorf("kept %+v", m.Tunnels)
	}
	if kept.Tunnels[0].Remote != 80 {
		t.Error("a copy of the memory has changed")
	}
	if got := m.Tunnels[0].To(9); got.Instance != 9 || got.Local != 8080 || got.Name != "train" {
		t.Errorf("to another instance: %+v", got)
	}
	m.ForgetTunnel(forward(8080))
	for port := range 3 * maxTunnels {
		m.SaveTunnel(forward(port + 1))
	}
	if len(m.Tunnels) != maxTunnels || m.Tunnels[maxTunnels-1].Local != 3*maxTunnels {
		t.Errorf("%d are kept", len(m.Tunnels))
	}
}

func TestCopiesUnderWayAreNeverForgotten(t *testing.T) {
	t.Parallel()
	var r Remote
	now := time.Now()
	r = r.WithCopy(Copy{ID: 1, Started: now})
	before := r
	for id := range 3 * maxCopies {
		r = r.WithCopy(Copy{ID: id + 2, Started: now, Ended: now})
	}
	if len(r.Copies) != maxCopies || len(r.Copying()) != 1 || r.Copying()[0].ID != 1 || !r.Active() {
		t.Errorf("%d copies are kept, %d of them under way", len(r.Copies), len(r.Copying()))
	}
	if len(before.Copies) != 1 {
		t.Error("an older snapshot has changed")
	}
	r = Remote{Tunnels: []remote.Tunnel{{State: remote.TunnelClosed}}}
	if r.Active() {
		t.Error("a closed tunnel is active")
	}
}

func TestFingerprintIsThatOfTheWholeKey(t *testing.T) {
	t.Parallel()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	var blob []byte
	for _, part := range [][]byte{[]byte("ssh-rsa"), {1, 0, 1}, append([]byte{0}, key.N.Bytes()...)} {
		blob = binary.BigEndian.AppendUint32(blob, uint32(len(part)))
		blob = append(blob, part...)
	}
	line := "ssh-rsa " + base64.StdEncoding.EncodeToString(blob) + " me@here"
	want, err := remote.ParsePublicKey(line)
	if err != nil {
		t.Fatal(err)
	}
	if got := Fingerprint(vastapi.SSHKey{Public: safetext.New(line)}); got != want.Fingerprint || !strings.HasPrefix(got, "SHA256:") {
		t.Errorf("got %q, want %q", got, want.Fingerprint)
	}
	for _, text := range []string{"", "nonsense", "ssh-rsa AAAA"} {
		if got := Fingerprint(vastapi.SSHKey{Public: safetext.New(text)}); got != "" {
			t.Errorf("%q has the fingerprint %s", text, got)
		}
	}
}
