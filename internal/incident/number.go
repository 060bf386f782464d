package incident

import (
	"fmt"
	"strconv"
	"strings"
)

// Number identifies an incident within its workspace, counting from 1.
type Number int

func (n Number) String() string { return fmt.Sprintf("INC-%d", int(n)) }

// ParseNumber reads "7", "#7", "inc-7" or "INC-7".
func ParseNumber(s string) (Number, bool) {
	digits := strings.TrimPrefix(strings.TrimPrefix(strings.ToLower(s), "inc-"), "#")
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 || n > 1<<31-1 {
		return 0, false
	}
	return Number(n), true
}
