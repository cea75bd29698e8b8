<?php

declare(strict_types=1);

require_once __DIR__ . '/congvu_password_directory.php';
require_once __DIR__ . '/congvu_password_form.php';
require_once __DIR__ . '/congvu_password_reasons.php';
require_once __DIR__ . '/congvu_password_seal.php';

/**
 * What stands between a person and the mailbox besides the password: a first one that must be changed, and a lock.
 *
 * The mail store refuses both as it refuses a wrong password. Here the directory is asked which it was, and who knows the
 * first password is led to the one page that changes it. Nobody is signed in before it is changed.
 */
class congvu_password extends rcube_plugin
{
    public $task = 'login|settings';

    private const ACTION = 'plugin.congvu_password';
    private const COOKIE = 'congvu_first';
    private const MINUTES = 15;

    /** What a refused sign-in was refused for, put above the form. */
    private string $explanation = '';

    #[Override]
    public function init(): void
    {
        $this->add_texts('localization/');
        if (rcmail::get_instance()->task === 'login') {
            $this->add_hook('login_failed', [$this, 'explain']);
            $this->add_hook('startup', [$this, 'take']);
            $this->add_hook('template_object_loginform', [$this, 'tell']);
        }
    }

    /**
     * Look up why somebody was refused; whoever gave the right first password goes on to the page that changes it.
     */
    public function explain(array $args): array
    {
        $rcmail = rcmail::get_instance();
        if ($args['code'] === rcmail::ERROR_INVALID_REQUEST || $args['code'] === rcmail::ERROR_COOKIES_DISABLED) {
            return $args;
        }
        $directory = new congvu_password_directory($rcmail->config);
        $holder = $directory->holder(trim((string) $args['user']));
        if ($holder === null) {
            return $args;
        }
        if ($holder['lock'] !== null) {
            $this->explanation = $this->locked($holder['lock'], $holder['reset']);
        }
        elseif ($holder['reset'] && $args['code'] !== rcmail::ERROR_RATE_LIMIT && !$this->wrong($rcmail)) {
            $password = rcube_utils::get_input_string('_pass', rcube_utils::INPUT_POST, true);
            if ($directory->opens($holder['dn'], $password)) {
                $this->lead((string) $args['user'], $holder, $password);
            }
        }

        return $args;
    }

    /**
     * Lead whoever has shown a first password to the page that changes it, and end. `$holder` has `dn` and `uid`, and
     * `admin` where there is no mailbox behind it.
     */
    public function lead(string $user, array $holder, string $password): void
    {
        $this->remember($user, $holder, $password);
        $this->page(new congvu_password_directory(rcmail::get_instance()->config));
    }

    /**
     * Take the new password, for whoever has shown the first one a moment ago.
     */
    public function take(array $args): array
    {
        $rcmail = rcmail::get_instance();
        if ($args['action'] !== self::ACTION) {
            return $args;
        }
        $args['action'] = '';
        $pending = $_SESSION[self::COOKIE] ?? null;
        $first = is_array($pending) && $pending['until'] > time()
            ? congvu_password_seal::open($pending['key'], (string) ($_COOKIE[self::COOKIE] ?? ''))
            : null;
        if ($first === null) {
            $this->forget();
            $rcmail->output->show_message($this->gettext('expired'), 'warning');

            return $args;
        }
        $directory = new congvu_password_directory($rcmail->config);
        if ($_SERVER['REQUEST_METHOD'] !== 'POST' || !$rcmail->check_request()) {
            $this->page($directory);
        }
        $new = rcube_utils::get_input_string('_newpasswd', rcube_utils::INPUT_POST, true);
        $again = rcube_utils::get_input_string('_confpasswd', rcube_utils::INPUT_POST, true);
        $reason = $new === $again ? $directory->change($pending['holder'], $first, $new) : ['differ'];
        if ($reason === null) {
            $this->enter($pending['user'], $new);

            return $args;
        }
        $said = congvu_password_reasons::told($this->gettext(...), $reason);
        if ($reason[0] !== 'first') {
            $this->page($directory, $said);
        }
        $this->forget();
        $rcmail->output->show_message($said, 'warning');

        return $args;
    }

    /**
     * Put the explanation above the form for signing in.
     */
    public function tell(array $args): array
    {
        if ($this->explanation !== '') {
            $args['content'] = $this->box($this->explanation) . $args['content'];
        }

        return $args;
    }

    /**
     * Tell whether the mail store has found the password wrong. To try it once more would count as another failure.
     */
    private function wrong(rcmail $rcmail): bool
    {
        return $rcmail->get_storage()->conn->resultcode === 'AUTHENTICATIONFAILED';
    }

    /**
     * Keep who has shown a first password. The password itself goes to the browser under a key that stays here: neither
     * has it without the other.
     */
    private function remember(string $user, array $holder, string $password): void
    {
        [$key, $sealed] = congvu_password_seal::close($password);
        $until = time() + 60 * self::MINUTES;
        $_SESSION[self::COOKIE] = ['user' => $user, 'holder' => $holder, 'key' => $key, 'until' => $until];
        rcmail::get_instance()->session->regenerate_id(false);
        rcube_utils::setcookie(self::COOKIE, $sealed, $until);
        $_COOKIE[self::COOKIE] = $sealed;
    }

    private function forget(): void
    {
        rcmail::get_instance()->session->remove(self::COOKIE);
        rcube_utils::setcookie(self::COOKIE, '-del-', time() - 60);
    }

    /**
     * Sign in with the new password as after the usual form, or leave that to the form.
     */
    private function enter(string $user, string $password): void
    {
        $rcmail = rcmail::get_instance();
        $this->forget();
        $rcmail->kill_session();
        $rcmail->plugins->exec_hook('congvu_password_changed', ['user' => $user, 'password' => $password]);
        if (!$rcmail->login($user, $password, $rcmail->autoselect_host(), false)) {
            $rcmail->output->show_message($this->gettext('changed'), 'confirmation');

            return;
        }
        $rcmail->session->remove('temp');
        $rcmail->session->regenerate_id(false);
        $rcmail->session->set_auth_cookie();
        $rcmail->log_login();
        $next = $rcmail->plugins->exec_hook('login_after', ['_task' => 'mail']);
        unset($next['abort'], $next['_err']);
        $rcmail->output->redirect($next, 0, true);
    }

    /**
     * Show the one page there is for now, and end.
     */
    private function page(congvu_password_directory $directory, string $refusal = ''): void
    {
        $output = rcmail::get_instance()->output;
        $output->reset();
        // With what the page would look like, too, that the estate's own sheet says.
        rcmail::get_instance()->plugins->get_plugin('congvu')->include_stylesheet('congvu.css');
        $rules = $directory->rules();
        $holder = $_SESSION[self::COOKIE]['holder'];
        $this->register_handler('plugin.form', fn () => $this->form($rules, $holder, $refusal));
        $this->include_script('congvu_password.js');
        $this->include_stylesheet($this->local_skin_path() . '/congvu_password.css');
        $output->set_pagetitle($this->gettext('title'));
        $output->send('congvu_password.first');
    }

    private function form(array $rules, array $holder, string $refusal): string
    {
        $kind = empty($holder['admin']) ? '' : '_admin';
        $button = html::tag(
            'button',
            ['type' => 'submit', 'class' => 'btn btn-primary mainaction submit'],
            rcube::Q($this->gettext("save{$kind}"))
        );
        $content = html::tag('h2', null, rcube::Q($this->gettext('title')))
            . html::p(null, rcube::Q($this->gettext("why{$kind}")))
            . ($refusal === '' ? '' : $this->box(rcube::Q($refusal)))
            . (new congvu_password_form($this->gettext(...)))->wanted($rules, $holder['uid'])
            . html::p('formbuttons', $button)
            . $this->help()
            . html::p(null, html::a(['href' => './'], rcube::Q($this->gettext('back'))));

        return rcmail::get_instance()->output->form_tag(
            ['id' => 'first-password', 'method' => 'post', 'action' => './?_task=login&_action=' . self::ACTION],
            $content
        );
    }

    /**
     * Say that an account is locked, for how long, and whom to turn to.
     */
    private function locked(int $minutes, bool $reset): string
    {
        $label = $minutes > 0 ? 'lockedfor' : ($reset ? 'lockedterm' : 'locked');

        return html::p(null, rcube::Q($this->gettext(['name' => $label, 'vars' => ['minutes' => $minutes]])))
            . $this->help();
    }

    private function help(): string
    {
        $contact = (string) rcmail::get_instance()->config->get('congvu_contact');
        if ($contact === '') {
            return '';
        }

        return html::p(null, rcube::Q($this->gettext('help')) . ' ' . html::tag('strong', null, rcube::Q($contact)));
    }

    private function box(string $content): string
    {
        return html::div(['class' => 'boxwarning congvu-reason', 'role' => 'alert'], $content);
    }
}
