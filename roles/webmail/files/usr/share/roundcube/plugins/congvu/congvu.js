/**
 * Show where a letter will be kept when its sender is changed; the server sees to it that it is.
 */
window.rcmail && rcmail.addEventListener('init', function () {
    var own = $('select[name="_store_target"]').val();

    function follow() {
        var folder = rcmail.env.congvu_sent[$('#_from').val()];
        $('select[name="_store_target"]').val(folder || own).prop('disabled', Boolean(folder));
    }

    if (rcmail.env.congvu_sent) {
        $('#_from').on('change', follow);
        follow();
    }
});
