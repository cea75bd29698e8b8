<?php

declare(strict_types=1);

require_once '/usr/share/roundcube/plugins/congvu_password/congvu_password_directory.php';
require_once '/usr/share/roundcube/plugins/congvu_password/congvu_password_reasons.php';

/**
 * How Roundcube's page for changing the password reaches the directory: it lists the rules in force, and says which one a
 * new password breaks.
 */
class rcube_congvu_password
{
    private congvu_password_directory $directory;
    private Closure $text;

    public function __construct()
    {
        $rcmail = rcmail::get_instance();
        $this->directory = new congvu_password_directory($rcmail->config);
        $this->text = $rcmail->plugins->get_plugin('congvu_password')->gettext(...);
    }

    /**
     * Set the new password.
     */
    public function save(string $current, string $new, string $user): int|array
    {
        $holder = $this->directory->holder($user);
        $reason = $holder === null ? ['unreachable'] : $this->directory->change($holder, $current, $new);
        if ($reason === null) {
            return PASSWORD_SUCCESS;
        }

        return [
            'code' => PASSWORD_CONSTRAINT_VIOLATION,
            'message' => congvu_password_reasons::told($this->text, $reason),
        ];
    }

    /**
     * List the rules.
     */
    public function strength_rules(): array
    {
        $uid = $this->directory->holder((string) rcmail::get_instance()->get_user_name())['uid'] ?? '';
        $told = congvu_password_reasons::rules($this->text, $this->directory->rules(), $uid);

        return array_map([rcube::class, 'Q'], array_values($told));
    }
}
