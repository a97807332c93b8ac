package remote

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// OwnKey begins the names of private keys in the ssh folder that are offered to
// instances although OpenSSH does not look for them by itself.
const OwnKey = "id_vast"

// usualKeys are what OpenSSH looks for when it is told of no key (ssh_config(5),
// IdentityFile).
var usualKeys = []string{"id_rsa", "id_ecdsa", "id_ecdsa_sk", "id_ed25519", "id_ed25519_sk"}

// maxOwn bounds how many such keys are offered: servers hang up after six.
const maxOwn = 3

// Offered reports whether a private key of that name in the ssh folder is offered to
// instances when the settings name none.
func Offered(name string) bool {
	return strings.HasPrefix(name, OwnKey) || slices.Contains(usualKeys, name)
}

// FindIdentities looks for keys that have to be named to ssh. It is called at the start
// and whenever keys were made or read.
func (c *Client) FindIdentities() {
	var own, usual []string
	entries, _ := os.ReadDir(c.o.SSHDir) // a folder that is missing has no keys
	for _, e := range entries {
		name := e.Name()
		path := filepath.Join(c.o.SSHDir, name)
		switch {
		case strings.HasSuffix(name, ".pub") || !Offered(name) || checkPath(path) != nil || !isRegular(path):
		case slices.Contains(usualKeys, name):
			usual = append(usual, path)
		case len(own) < maxOwn && isRegular(path+".pub"):
			own = append(own, path)
		}
	}
	if len(own) == 0 { // then ssh finds the usual ones by itself
		usual = nil
	}
	c.keys.Lock()
	defer c.keys.Unlock()
	c.identities = append(own, usual...)
}

// identityOptions name the keys that are offered; none where ssh finds them by itself.
func (c *Client) identityOptions() [][2]string {
	if c.o.Identity != "" {
		return [][2]string{{"IdentityFile", confPath(c.o.Identity)}, {"IdentitiesOnly", "yes"}}
	}
	c.keys.Lock()
	defer c.keys.Unlock()
	var all [][2]string
	for _, path := range c.identities {
		all = append(all, [2]string{"IdentityFile", confPath(path)})
	}
	return all
}

// offers reports whether a key of this machine is among those that ssh offers.
func (c *Client) offers(k LocalKey) bool {
	private := strings.TrimSuffix(k.Path, ".pub")
	if c.o.Identity != "" {
		return private == c.o.Identity
	}
	return filepath.Dir(private) == c.o.SSHDir && Offered(filepath.Base(private))
}
