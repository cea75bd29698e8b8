<?php

declare(strict_types=1);

/**
 * Ends a session together with the sign-in on which it rests.
 *
 * Roundcube keeps sessions of its own. When the mail store takes the password no more that was right when one began, it shows
 * an error and lets the address book and the settings go on: for whoever has left, was locked, or had the password set by
 * somebody else. Here each step asks the mail store first, over the connection that the step uses itself, and a refusal
 * leads back to the sign-in form. A mail store that is down, or cannot ask the directory, refuses nobody.
 */
class congvu_sessions extends rcube_plugin
{
    #[Override]
    public function init(): void
    {
        $this->add_hook('startup', [$this, 'check']);
    }

    /**
     * @param array<string, mixed> $step the task and the action
     *
     * @return array<string, mixed> the same
     */
    public function check(array $step): array
    {
        $rcmail = rcmail::get_instance();
        if ($this->isSignedIn($step) && $this->isRefused($rcmail)) {
            // As when it has expired: Roundcube tells so, and shows the form.
            $rcmail->kill_session();
        }

        return $step;
    }

    /**
     * @param array<string, mixed> $step
     */
    private function isSignedIn(array $step): bool
    {
        return !empty($_SESSION['user_id'])
            && !empty($_SESSION['password'])
            && !in_array($step['task'], ['login', 'logout'], true);
    }

    private function isRefused(rcmail $rcmail): bool
    {
        // Nothing is shown of what goes wrong here: the step itself will say it, if there is one.
        $output = $rcmail->output;
        $rcmail->output = null;
        try {
            return !$rcmail->storage_connect() && $rcmail->get_storage()->conn->resultcode === 'AUTHENTICATIONFAILED';
        } finally {
            $rcmail->output = $output;
        }
    }
}
