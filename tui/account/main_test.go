package account

import (
	"os"
	"testing"
	"time"
)

func TestMain(m *testing.M) {
	time.Local = time.UTC // screens with times of day are the same everywhere
	os.Exit(m.Run())
}
