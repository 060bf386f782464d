package policy

// Account is what kind of account somebody has in Slack, seen from the workspace.
type Account string

// The kinds.
const (
	Member   Account = "member"
	Guest    Account = "guest"    // of one channel or several
	External Account = "external" // of another organization, in a shared channel
	Robot    Account = "bot"      // an app's
)

// Access says who may use Muster besides the workspace's members.
type Access struct {
	Guests   bool
	External bool
}

// Allows reports whether somebody with such an account may use Muster.
func (a Access) Allows(who Account) bool {
	switch who {
	case Member:
		return true
	case Guest:
		return a.Guests
	case External:
		return a.External
	}
	return false
}
