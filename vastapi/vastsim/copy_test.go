package vastsim

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

func TestACopyIsToldInTheMessageOfItsTarget(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		u := newUser(t)
		all := u.w.Instances()
		from, to := all[1].ID, all[2].ID
		begin := func() {
			u.must("PUT", "/api/v0/commands/copy_direct/", filter{"src_id": fmt.Sprintf("C.%d", from), "dst_id": fmt.Sprintf("C.%d", to), "src_path": "/a", "dst_path": "/b"})
		}
		says := func(want string) {
			t.Helper()
			if got := u.instance(to)["status_msg"]; got != want {
				t.Errorf("it says %v, want %s", got, want)
			}
		}
		begin()
		time.Sleep(61 * time.Second)
		says("copying: 50%")
		time.Sleep(time.Minute)
		says("copy finished")
		begin()
		time.Sleep(31 * time.Second)
		u.must("DELETE", "/api/v0/commands/copy_direct/", filter{"client_id": "me", "dst_id": fmt.Sprint(to)})
		says("copy canceled")
		time.Sleep(time.Hour)
		says("copy canceled")
	})
}
